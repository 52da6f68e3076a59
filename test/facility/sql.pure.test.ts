/** .sql files: how they are cut, what can be asked about a statement afterwards, and what is refused. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { MigrateError } from "../../src/errors.ts";
import { loadAllMigrations } from "../../src/facility/load.ts";
import type { Migration } from "../../src/plan/load-migrations.ts";
import type { SqlStatement, Step } from "../../src/steps/step.ts";
import { facilityFolder } from "./folder.ts";

const file = "2026_01_01_x.sql";

/** The migration of this text, or the error; `back` is the file beside it. */
async function load(text: string, back?: string): Promise<Migration> {
  await using folder = await facilityFolder({
    [file]: text,
    ...(back === undefined ? {} : { "2026_01_01_x.down.sql": back }),
  });
  const all = await loadAllMigrations([`dls=${folder.path}`]).catch((error: unknown) => {
    if (!(error instanceof MigrateError)) throw error;
    const { where = "" } = error.details;
    throw new MigrateError(error.code, error.message, {
      ...error.details,
      where: where.replace(join(folder.path, "/"), ""),
    });
  });
  const [last] = all.slice(-1);
  return last ?? expect.fail("no migration");
}

function isSql(step: Step): step is SqlStatement {
  return step.kind === "sqlStatement";
}

async function statementsOf(text: string, back?: string): Promise<SqlStatement[]> {
  return (await load(text, back)).steps.filter(isSql);
}

test("a file is cut as the stock client cuts it: DELIMITER, comments, BEGIN and END; its first comment says why", async () => {
  const text = [
    "-- Priorities of jobs,",
    "-- for the queue of the beamline.",
    "CREATE TABLE dlsQueue (id int); -- the queue",
    "/* not; here */ INSERT INTO dlsQueue VALUES (1);",
    "DELIMITER //",
    "CREATE PROCEDURE dls_next() BEGIN SELECT 'a;b'; SELECT 2; END//",
    "DELIMITER ;",
    "UPDATE dlsQueue SET id = 2",
  ].join("\n");
  const { why, steps } = await load(text);
  expect(why).toBe("Priorities of jobs, for the queue of the beamline.");
  expect(steps.filter(isSql).map(({ sql }) => sql)).toEqual([
    "CREATE TABLE dlsQueue (id int)",
    "INSERT INTO dlsQueue VALUES (1)",
    "CREATE PROCEDURE dls_next() BEGIN SELECT 'a;b'; SELECT 2; END",
    "UPDATE dlsQueue SET id = 2",
  ]);
});

const ONLINE = ", ALGORITHM=INPLACE, LOCK=NONE";

test.each([
  ["CREATE TABLE IF NOT EXISTS `dls thing` (a int)", "dls thing"],
  ["create table dlsThing(a int)", "dlsThing"],
  ["CREATE DEFINER=`root`@`localhost` SQL SECURITY INVOKER VIEW v AS SELECT 1", "v"],
  ["CREATE DEFINER = root@localhost PROCEDURE p() DO 0", "p"],
  ["CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1", "f"],
  ["CREATE TRIGGER t BEFORE INSERT ON Proposal FOR EACH ROW SET @a = 1", "t"],
  ["CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @a = 1", "e"],
  ["CREATE UNIQUE INDEX i ON Proposal (title(10)) ALGORITHM=INPLACE LOCK=NONE", "i"],
  [`ALTER TABLE Proposal ADD COLUMN IF NOT EXISTS dlsA int, ADD dlsB int${ONLINE}`, "dlsA"],
  [`ALTER TABLE Proposal ADD (dlsA int)${ONLINE}`, "dlsA"],
  [`ALTER TABLE Proposal ADD dlsA int${ONLINE}`, "dlsA"],
  [`ALTER TABLE Proposal ADD FULLTEXT KEY \`i\` (title)${ONLINE}`, "i"],
  [`ALTER TABLE Proposal ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b (a), ALGORITHM=COPY, LOCK=SHARED`, "fk"],
  [`ALTER TABLE Proposal /* ADD x */ DROP COLUMN dlsA${ONLINE}`, undefined],
  [`ALTER TABLE Proposal ADD PRIMARY KEY (a)${ONLINE}`, undefined],
  [`ALTER TABLE Proposal ADD INDEX (title)${ONLINE}`, undefined],
  [`ALTER TABLE other.Proposal ADD dlsA int${ONLINE}`, undefined],
  ["CREATE TABLE other.dlsThing (a int)", undefined],
  ["CREATE OR REPLACE VIEW v AS SELECT 1", undefined],
  ["INSERT INTO Proposal (title) VALUES ('CREATE TABLE x (a int)')", undefined],
  ["DROP TABLE dlsThing", undefined],
])("%s: its probe looks for %s", async (sql, object) => {
  const [step] = await statementsOf(sql);
  expect(step?.probe?.object).toBe(object);
});

const text = (adding: string) => [
  `add to the end of this statement: ${adding.trim()}`,
  expect.stringContaining("ALGORITHM=COPY"),
];

test.each<[sql: string, found: string, next: unknown]>([
  ["ALTER TABLE Proposal ADD a int", "ALGORITHM and LOCK", text(ONLINE)],
  ["ALTER TABLE Proposal ADD a int COMMENT 'ALGORITHM=COPY, LOCK=NONE'", "ALGORITHM and LOCK", text(ONLINE)],
  ["ALTER TABLE Proposal ADD a int, ALGORITHM=DEFAULT, LOCK=NONE", "ALGORITHM and LOCK", text(ONLINE)],
  ["ALTER TABLE Proposal ADD a int, ALGORITHM=COPY -- LOCK=NONE", "ALGORITHM and LOCK", text(ONLINE)],
  ["CREATE INDEX i ON Proposal (title)", "ALGORITHM and LOCK", text(" ALGORITHM=INPLACE LOCK=NONE")],
  [
    "DROP INDEX `i` ON Proposal LOCK=NONE",
    "ALGORITHM and LOCK",
    "write it as: ALTER TABLE Proposal DROP INDEX `i`, ALGORITHM=INPLACE, LOCK=NONE",
  ],
  ["START TRANSACTION", "it changes only the session", expect.stringContaining("remove it")],
  ["USE ispyb", "it changes only the session", expect.stringContaining("remove it")],
  ["SELECT 1 INTO @a", "it changes only the session", expect.stringContaining("remove it")],
  ["/*!40101 SET NAMES utf8 */", "it changes only the session", expect.stringContaining("remove it")],
  ["SET @a = 1", "only SET name = value", expect.stringContaining("one SET for each")],
  ["SET sql_mode = '', foreign_key_checks = 0", "only SET name = value", expect.stringContaining("one SET for each")],
  ["SET GLOBAL max_connections = 1", "it changes the server", expect.stringContaining("by hand")],
  ["CREATE USER dls IDENTIFIED BY 'geheim-17'", "BY '***': it changes the server", expect.stringContaining("by hand")],
  ["CREATE PROCEDURE p() BEGIN SELECT 1; END", "it ends inside of its BEGIN", expect.stringContaining("DELIMITER //")],
  ["source more.sql", "a command of the stock client", expect.stringContaining("DELIMITER")],
])("%s is refused with its line", async (sql, found, next) => {
  await expect(load(`DO 0;\n\n${sql};\n`)).rejects.toMatchObject({
    code: "CONFIGURATION",
    details: { where: `${file}:3`, found: expect.stringContaining(found), next },
  });
});

test("a SET of a session variable holds for the statements behind it, and is part of their checksum", async () => {
  const [first, second] = await statementsOf("DO 1;\nSET SESSION foreign_key_checks = 0;\nDO 2;\n");
  expect([first?.session, second?.session]).toEqual([undefined, { foreign_key_checks: "0" }]);
  expect((await load("SET sql_mode = '';\nDO 1;")).checksum).not.toBe((await load("DO 1;")).checksum);
});

test("a .down.sql undoes statement by statement, the last first; it may be added later", async () => {
  const up = "CREATE TABLE a (a int);\nCREATE TABLE b (b int);\n";
  const steps = await statementsOf(up, "DROP TABLE b;\nDROP TABLE a;\n");
  expect(steps.map(({ undo }) => undo?.sql)).toEqual(["DROP TABLE a", "DROP TABLE b"]);
  expect((await load(up, "DO 0;\nDO 0;")).checksum).toBe((await load(up)).checksum);
  await expect(load(up, "DROP TABLE b;")).rejects.toMatchObject({
    code: "CONFIGURATION",
    details: { where: "2026_01_01_x.down.sql", found: expect.stringMatching(/^1 statement, and .* has 2$/) },
  });
});

test("a file without a statement, and one that is not UTF-8", async () => {
  await expect(load("-- nothing\n")).rejects.toMatchObject({ code: "CONFIGURATION", details: { where: file } });
  await using folder = await facilityFolder({ [file]: "" });
  await folder.write(file, Buffer.from([0x44, 0x4f, 0x20, 0xe9, 0x3b]));
  await expect(loadAllMigrations([`dls=${folder.path}`])).rejects.toMatchObject({ code: "CONFIGURATION" });
});
