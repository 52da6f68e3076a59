/** Columns in other forms than ours that clients live with: adopted, shown, and left as they are by `up`, `verify` and `down`. */
import { expect, test } from "vitest";
import { calls } from "../procedures/client-calls.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { type MakeDatabase, sharedServer } from "../support/shared-server.ts";
import { takeDown, upgrade } from "../support/upgrade.ts";
import { starts } from "./facilities/starts.ts";

/** Table, column, its form, and what `verify` says of it; undefined where it says nothing. */
type Form = readonly [table: string, column: string, definition: string, shown?: string];

/** No column of ours is changed by `up` here: the definition after it is the one before. */
const wider: readonly Form[] = [
  ["ProcessingJob", "displayName", "varchar(200) DEFAULT 'job'", "default: 'job' instead of NULL"],
  ["ProcessingJob", "comments", "mediumtext", "type: mediumtext instead of varchar(255)"],
  ["ProcessingJob", "recipe", "tinytext CHARACTER SET utf8mb4", "type: tinytext instead of varchar(50)"],
  ["ProcessingJob", "automatic", "int", "type: int instead of tinyint(1)"],
  ["ProcessingJob", "recordTimestamp", "timestamp NULL DEFAULT current_timestamp", "NULL allowed: yes instead of no"],
  ["ProcessingJobParameter", "parameterKey", "varchar(200) INVISIBLE", "is INVISIBLE: SELECT * leaves it out"],
  ["ProcessingJobParameter", "parameterValue", "text", "type: text instead of varchar(1024)"],
  ["ProcessingJobImageSweep", "startImage", "bigint DEFAULT 1", "type: bigint instead of mediumint unsigned"],
  ["ProcessingJobImageSweep", "endImage", "int unsigned", "type: int unsigned instead of mediumint unsigned"],
  ["AutoProcProgramMessage", "message", "text", "type: text instead of varchar(200)"],
  ["AutoProcProgramMessage", "description", "longtext INVISIBLE", "is INVISIBLE: SELECT * leaves it out"],
  ["AutoProcProgramAttachment", "importanceRank", "smallint", "type: smallint instead of tinyint unsigned"],
  ["AutoProcProgramAttachment", "deleted", "tinyint(1) NOT NULL DEFAULT 0", "NULL allowed: no instead of yes"],
  ["AutoProcProgram", "processingPipelineId", "bigint", "type: bigint instead of int unsigned"],
  ["AutoProcProgram", "jobUuid", "varbinary(40)", "type: varbinary(40) instead of binary(16)"],
  ["AutoProcProgramAttachment", "fileType", "varchar(20)", "type: varchar(20) instead of an enum with 'Input'"],
];
const mariadbWider: readonly Form[] = [
  ["ProcessingJob", "comments", "varchar(255) COMPRESSED", "COMPRESSED: yes instead of no"],
  ["AutoProcProgramMessage", "description", "text COMPRESSED", "COMPRESSED: yes instead of no"],
];

/** `up` changes these columns: what it does not mean to change stays. */
const changed: readonly Form[] = [
  [
    "ProcessingJobParameter",
    "parameterValue",
    "varchar(255) CHARACTER SET utf8mb4 INVISIBLE DEFAULT 'x' COMMENT 'it''s ours'",
  ],
  [
    "AutoProcProgramAttachment",
    "fileType",
    "enum('Log','Result','Graph','Mine') CHARACTER SET utf8mb4 INVISIBLE COMMENT 'é'",
  ],
  [
    "AutoProcProgramMessage",
    "severity",
    "enum('ERROR','WARNING','INFO','DEBUG') CHARACTER SET utf8mb4 INVISIBLE DEFAULT 'INFO' COMMENT 'how bad'",
  ],
];
const mariadbChanged: readonly Form[] = [
  [
    "ProcessingJobParameter",
    "parameterValue",
    "varchar(255) COMPRESSED COMMENT 'long' CHECK (parameterValue <> 'never')",
  ],
  [
    "AutoProcProgramAttachment",
    "fileType",
    "enum('Log','Result','Graph') CHECK (fileType <> 'never' or filePath is null)",
  ],
];

/** Each of them stops `up` before its first change. */
const refused: readonly (readonly [table: string, column: string, definition: string])[] = [
  ["ProcessingJob", "displayName", "varchar(20)"],
  ["ProcessingJobImageSweep", "endImage", "mediumint"],
  ["ProcessingJobParameter", "parameterKey", "text"],
  ["AutoProcProgram", "processingJobId", "int unsigned DEFAULT 0"],
  ["AutoProcProgramMessage", "message", "varchar(200) NOT NULL DEFAULT ''"],
  ["AutoProcProgramAttachment", "deleted", "tinyint(1) DEFAULT 1"],
];

async function facility(makeDatabase: MakeDatabase, forms: readonly Form[]): Promise<TestDatabase> {
  const db = await makeDatabase("official");
  for (const sql of starts.find(({ name }) => name.includes("36"))?.sql ?? []) await db.query(sql);
  for (const [table, column, definition] of forms) {
    const isThere = (await lineOf(db, table, column)) !== undefined;
    await db.query(`ALTER TABLE ${table} ${isThere ? "MODIFY" : "ADD"} ${column} ${definition}`);
  }
  return db;
}

async function lineOf(db: TestDatabase, table: string, column: string): Promise<string | undefined> {
  const [row] = await db.query<{ "Create Table": string }>(`SHOW CREATE TABLE ${table}`);
  return row?.["Create Table"].split("\n").find((line) => line.trim().startsWith(`\`${column}\``));
}

function linesOf(db: TestDatabase, forms: readonly Form[]) {
  return Promise.all(forms.map(([table, column]) => lineOf(db, table, column)));
}

/** Those words of a definition that `up` has no business with. */
function kept(line = ""): string[] {
  return line.match(/CHARACTER SET \w+|INVISIBLE|COMPRESSED|DEFAULT '\w+'|COMMENT '.*?'(?=[ ,]|$)|CHECK \(.*\)/g) ?? [];
}

onEveryServer("columns in other forms", (lane) => {
  const makeDatabase = sharedServer(lane);
  const isMariadb = lane.vendor === "mariadb";

  async function leavesAlone(forms: readonly Form[]): Promise<void> {
    await using db = await facility(makeDatabase, forms);
    const before = await linesOf(db, forms);
    const { verification } = await upgrade(db);
    const notices = verification.notices.map(({ what }) => what);
    for (const [table, column, , shown] of forms) {
      const said = shown?.startsWith("is ") === true ? ` ${shown}` : `, ${shown}`;
      expect(notices).toContain(`column ${table}.${column}${said}`);
    }
    expect(await linesOf(db, forms)).toEqual(before);
    expect(await upgrade(db)).toMatchObject({ recorded: [], repeatables: [], verification: { differences: [] } });
    const story = { db, connection: await db.connection(), job: 0, program: 0 };
    for (const [procedure, call] of Object.entries(calls)) await call(story, procedure);
    await takeDown(db);
    expect(await linesOf(db, forms)).toEqual(before);
  }

  test("wider, with other defaults, invisible: adopted and left alone", () => leavesAlone(wider));
  test.runIf(isMariadb)("compressed: adopted and left alone", () => leavesAlone(mariadbWider));

  async function changesOnlyItsOwn(forms: readonly Form[]): Promise<void> {
    await using db = await facility(makeDatabase, forms);
    const before = await linesOf(db, forms);
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    const after = await linesOf(db, forms);
    expect(after).not.toEqual(before);
    expect(after.map(kept)).toEqual(before.map(kept));
    await takeDown(db);
    expect(await linesOf(db, forms)).toEqual(before);
  }

  test("what up changes keeps INVISIBLE, character set, default and comment", () => changesOnlyItsOwn(changed));
  test.runIf(isMariadb)("what up changes keeps COMPRESSED and the CHECK of the column", () =>
    changesOnlyItsOwn(mariadbChanged),
  );

  test.each([
    "ADD KEY byProgram (autoProcProgramId, message)",
    "ADD UNIQUE KEY byProgram (autoProcProgramId, autoProcProgramMessageId)",
  ])("a longer key that begins with ours, %s: adopted, and left alone", async (key) => {
    await using db = await facility(makeDatabase, []);
    await db.query(`ALTER TABLE AutoProcProgramMessage ${key}`);
    const keys = () => db.query<{ Key_name: string }>("SHOW KEYS FROM AutoProcProgramMessage");
    const before = (await keys()).map(({ Key_name }) => Key_name);
    // The server drops the key that it had made for the foreign key.
    expect(new Set(before)).toEqual(new Set(["PRIMARY", "byProgram"]));
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    expect(verification.notices.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^index AutoProcProgramMessage.AutoProcProgramMessage_fk1, columns: .* instead of KEY /),
    );
    await takeDown(db);
    expect((await keys()).map(({ Key_name }) => Key_name)).toEqual(before);
  });

  test.each(refused)("%s.%s %s: refused, and nothing is changed", async (table, column, definition) => {
    await using db = await facility(makeDatabase, []);
    if (column === "processingJobId")
      await db.query("ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_FK2");
    if (column === "message") await db.query("UPDATE AutoProcProgramMessage SET message = '' WHERE message IS NULL");
    const isThere = (await lineOf(db, table, column)) !== undefined;
    await db.query(`ALTER TABLE ${table} ${isThere ? "MODIFY" : "ADD"} ${column} ${definition}`);
    await expect(upgrade(db)).rejects.toMatchObject({
      code: "CONFLICT",
      details: { found: expect.arrayContaining([expect.stringContaining(`${table}.${column}, `)]) },
    });
    expect(await db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'")).toEqual([]);
  });
});
