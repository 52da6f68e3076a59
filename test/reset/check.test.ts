/** `CALL ispyb_sandbox.check('ispyb_1')`, by the account of the database: a row for each difference. */
import type { RowDataPacket } from "mysql2/promise";
import { expect, test } from "vitest";
import { checkDatabase } from "../../src/reset/check.ts";
import { onEveryServer } from "../support/servers.ts";
import { besides } from "./changes.ts";
import { ONE, TWIN, type TestDatabases, testDatabases } from "./test-databases.ts";

/** Values that a sum of text could take for each other. */
const measured = [
  "CREATE TABLE Measured (id int AUTO_INCREMENT PRIMARY KEY, f float, d double, b bit(9), t varchar(9), g point, j json, twice double AS (d * 2))",
  "INSERT INTO Measured (f, d, b, t, g, j) VALUES (16777215, 0.1, b'101', 'a', POINT(1, 2), '{\"a\": 1}'), (NULL, NULL, NULL, NULL, NULL, NULL), (1, 2, b'1', '', NULL, '1')",
];

/** What is done, and what is told of it. */
const cases: readonly (readonly [statements: readonly string[], told: readonly string[]])[] = [
  [["INSERT INTO ProcessingJob (displayName) VALUES ('x')"], ["rows ProcessingJob different"]],
  [
    ["INSERT INTO ProcessingJob (displayName) VALUES ('x')", "DELETE FROM ProcessingJob WHERE displayName = 'x'"],
    ["AUTO_INCREMENT ProcessingJob different"],
  ],
  [["UPDATE Measured SET f = 16777216 WHERE id = 1"], ["rows Measured different"]],
  [["UPDATE Measured SET d = 0.1 + 1e-17 * 2 WHERE id = 1"], ["rows Measured different"]],
  [["UPDATE Measured SET t = '' WHERE id = 2"], ["rows Measured different"]],
  [["UPDATE Measured SET t = NULL WHERE id = 3"], ["rows Measured different"]],
  [["UPDATE Measured SET t = 'A' WHERE id = 1"], ["rows Measured different"]],
  [["UPDATE Measured SET b = b'100' WHERE id = 1"], ["rows Measured different"]],
  [["UPDATE Measured SET g = POINT(2, 1) WHERE id = 1"], ["rows Measured different"]],
  [["UPDATE Measured SET j = '2' WHERE id = 3"], ["rows Measured different"]],
  [["UPDATE Flat SET name = 'three' WHERE id = 2"], ["rows Flat different"]],
  [["DELETE FROM Flat"], ["rows Flat different"]],
  // Not its rows and its counter as well.
  [["ALTER TABLE Flat ADD COLUMN mine int", "DELETE FROM Flat"], ["table Flat different"]],
  [["CREATE INDEX mine ON ProcessingJob (displayName)"], ["table ProcessingJob different"]],
  [["ALTER TABLE Flat DROP INDEX by_name", "ALTER TABLE Flat ADD INDEX by_name (name, id)"], ["table Flat different"]],
  [["ALTER TABLE Flat ADD CONSTRAINT mine CHECK (name <> 'mine')"], ["table Flat different"]],
  [
    ["DROP TABLE Flat", "CREATE TABLE mine (id int)"],
    ["table Flat missing", "table mine new"],
  ],
  [
    [
      "CREATE OR REPLACE VIEW notes AS SELECT 1 AS one",
      "DROP VIEW before_notes",
      "CREATE VIEW mine AS SELECT 1 AS one",
    ],
    ["view before_notes missing", "view mine new", "view notes different"],
  ],
  [["CREATE OR REPLACE VIEW notes AS SELECT comments FROM DataCollection"], ["view notes different"]],
  [
    ["DROP PROCEDURE one_more", "CREATE FUNCTION mine () RETURNS int DETERMINISTIC RETURN 1"],
    ["function mine new", "procedure one_more missing"],
  ],
  [["DROP TRIGGER stamped"], ["trigger stamped missing"]],
  [["ALTER EVENT nightly COMMENT 'mine'"], ["event nightly different"]],
  [["ALTER DATABASE CHARACTER SET latin1"], ["database ispyb_1 different"]],
];

onEveryServer("check", (lane) => {
  test("names each difference once, and none of a database that was reset", async () => {
    await using databases = await testDatabases(lane, { before: [...besides, ...measured] });
    const { admin } = databases;
    expect(await told(databases)).toEqual([]);
    for (const [statements, wanted] of cases) {
      const session = await databases.plain();
      for (const sql of statements) await session.query(sql);
      session.destroy();
      const title = statements.join("; ");
      expect(await told(databases), title).toEqual(wanted);
      const lines = (await checkDatabase(admin, ONE)).map(({ kind, name, what }) => `${kind} ${name} ${what}`);
      expect(lines.toSorted(), title).toEqual(wanted);
      await databases.reset().catch(() => databases.remake());
      expect(await told(databases), `${title}; reset`).toEqual([]);
      expect(await checkDatabase(admin, ONE), `${title}; reset`).toEqual([]);
    }
  });

  test("is refused for a database of another account, and changes nothing", async () => {
    await using databases = await testDatabases(lane);
    const session = await databases.plain();
    await session.query("INSERT INTO ProcessingJob (displayName) VALUES ('mine')");
    await expect(session.query(`CALL ispyb_sandbox.check('${TWIN}')`)).rejects.toThrow(/belongs to account ispyb_2/);
    await expect(session.query("CALL ispyb_sandbox.check('mysql')")).rejects.toThrow(/no test database is called/);
    await session.query(`CALL ispyb_sandbox.check('${ONE}')`);
    const [rows] = await session.query("SELECT displayName FROM ProcessingJob");
    expect(rows).toEqual([{ displayName: "mine" }]);
  });
});

async function told({ plain }: TestDatabases): Promise<string[]> {
  const session = await plain();
  const [sets] = await session.query<RowDataPacket[][]>(`CALL ispyb_sandbox.check('${ONE}')`);
  session.destroy();
  return (sets[0] ?? []).map(({ kind, name, what }) => `${kind} ${name} ${what}`);
}
