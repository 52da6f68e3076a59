/** Limits of a table that a run would meet half-way: found before, with advice that is enough. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import { longestRow, rowLimit } from "../../src/dialect/row-size.ts";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";

const several = (count: number, clause: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => clause(at)).join(", ");

/** Every definition and the count of rows, as the server itself prints them. */
async function dumped(db: TestDatabase): Promise<unknown[]> {
  const tables = await db.query<{ name: string }>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1",
  );
  const shown: unknown[] = [];
  for (const { name } of tables)
    shown.push(await db.query(`SHOW CREATE TABLE \`${name}\``), await db.query(`CHECKSUM TABLE \`${name}\``));
  return shown;
}

/** `up` refuses and changes nothing; returns what it says. */
async function refusal(db: TestDatabase, says: string): Promise<string> {
  const before = await dumped(db);
  const refused = await runOn(db, ["up", "--yes"]);
  expect(refused.exit, refused.stderr).toBe(4);
  expect(refused.stderr).toContain(says);
  expect(refused.stderr).toContain("nothing was changed");
  expect(await dumped(db)).toEqual(before);
  return refused.stderr;
}

/** The same; and what it prints is run, and the next `up` goes through. */
async function helpsItself(db: TestDatabase, says: string): Promise<void> {
  const said = await refusal(db, says);
  const advice = said.match(/ALTER TABLE [^;]*;/g) ?? [];
  expect(advice.length, said).toBeGreaterThan(0);
  for (const statement of advice) await db.query(statement);
  const up = await runOn(db, ["up", "--yes"]);
  expect(up.exit, up.stderr).toBe(0);
  expect((await runOn(db, ["verify"])).exit).toBe(0);
}

onEveryServer("limits", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.each([62, 61])("of keys: %i of 64 are the facility's", async (keys) => {
    await using db = await makeDatabase("official");
    await db.query(
      `ALTER TABLE AutoProcProgram ${several(keys, (at) => `ADD own${at} int, ADD KEY kept${at} (own${at})`)}`,
    );
    await helpsItself(db, "AutoProcProgram would have");
  });

  test("of keys: two are left, which is enough", async () => {
    await using db = await makeDatabase("official");
    await db.query(
      `ALTER TABLE AutoProcProgram ${several(60, (at) => `ADD own${at} int, ADD KEY kept${at} (own${at})`)}`,
    );
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit, up.stderr).toBe(0);
  });

  test("of a row in its page", async () => {
    await using db = await makeDatabase("official");
    const filler = (await roomFor(db)) - 10;
    const parts = [...Array.from({ length: Math.floor(filler / 200) }, () => 200), filler % 200];
    for (const [at, bytes] of parts.entries()) {
      await db.query(`ALTER TABLE AutoProcProgram ADD own${at} binary(${bytes}) NOT NULL`);
    }
    const says = "rows of AutoProcProgram could be too long for a page with the new columns";
    if (lane.vendor === "mariadb") {
      await helpsItself(db, says);
      return;
    }
    // MySQL counts as much of a text as of a long varchar: only fewer columns help.
    expect(await refusal(db, says)).toContain("change long columns of AutoProcProgram to shorter ones");
    await db.query("ALTER TABLE AutoProcProgram DROP COLUMN own0");
    expect((await runOn(db, ["up", "--yes"])).exit).toBe(0);
  });

  test("of a row in its page, to the byte: types of all lengths, and of no fixed length", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    const { dialect } = await readServer(session);
    const types = [
      "varchar(20)",
      "varchar(255)",
      "char(7)",
      "tinytext",
      "text",
      "blob",
      "decimal(20,6)",
      "datetime(3)",
      "bit(9)",
      "set('a','b','c')",
      "double",
      "mediumint",
      "varbinary(30)",
      "char(9) CHARACTER SET utf8mb4",
      "varchar(63) CHARACTER SET utf8mb4",
      "json",
      "timestamp NULL",
    ];
    const columns = types.map((type, at) => `c${at} ${type}`).join(", ");
    const create = (filler: readonly number[]) =>
      `CREATE TABLE Wide (id int NOT NULL PRIMARY KEY, ${[columns, ...filler.map((bytes, at) => `f${at} binary(${bytes}) NOT NULL`)].join(", ")}) ENGINE=InnoDB DEFAULT CHARSET=latin1`;
    const sizeOf = async () =>
      longestRow((await introspect(session, dialect, { tables: ["Wide"] })).tables["Wide"]?.columns ?? [], dialect);
    await db.query(create([]));
    const free = rowLimit(16_384) - (await sizeOf());
    await db.query("DROP TABLE Wide");
    const filler = [...Array.from({ length: Math.floor(free / 200) }, () => 200), free % 200];
    await db.query(create(filler));
    expect(await sizeOf()).toBe(rowLimit(16_384));
    await db.query("DROP TABLE Wide");
    await expect(db.query(create([...filler, 1]))).rejects.toThrow("Row size too large");
  });

  test("of a row of the server, 65,535 bytes, which the server is asked about", async () => {
    await using db = await makeDatabase("official");
    const widest = async () => {
      for (let length = 64_535; ; length -= 5) {
        const added = await db.query(`ALTER TABLE AutoProcProgram ADD own varchar(${length})`).catch(() => undefined);
        if (added !== undefined) return;
      }
    };
    await widest();
    await refusal(db, "the server would refuse a statement of this run: Row size too large");
    await db.query("ALTER TABLE AutoProcProgram MODIFY own varchar(64000)");
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit, up.stderr).toBe(0);
  });
});

/** Bytes that a row of AutoProcProgram may still grow by. */
async function roomFor(db: TestDatabase): Promise<number> {
  await using session = await connect(targetOf(db));
  const { dialect } = await readServer(session);
  const { tables } = await introspect(session, dialect, { tables: ["AutoProcProgram"] });
  return rowLimit(16_384) - longestRow(tables["AutoProcProgram"]?.columns ?? [], dialect);
}
