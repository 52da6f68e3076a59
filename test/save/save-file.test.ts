import { readdir, stat } from "node:fs/promises";
import { basename } from "node:path";
import { expect, test } from "vitest";
import type { Db } from "../../src/db/db.ts";
import { intercept } from "../../src/db/intercept.ts";
import { createTableSql } from "../../src/dialect/render.ts";
import { checkFolder, openSaveFile } from "../../src/save/save-file.ts";
import type { SavedRows } from "../../src/save/selection.ts";
import { temporaryFolder } from "../support/folder.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { restore, session, tableOf, textOf } from "./restore.ts";

/** Some rows, and the request to save all of them. */
async function prepare(db: Db): Promise<SavedRows> {
  await db.run(
    "CREATE TABLE Sample (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(20), " +
      "changed timestamp NOT NULL DEFAULT '2020-01-01' ON UPDATE current_timestamp)",
  );
  await db.run("INSERT INTO Sample (id, name) VALUES (1, 'one'), (2, NULL), (3, 'three'), (9, 'nine')");
  await db.run("DELETE FROM Sample WHERE id = 9");
  const table = await tableOf(db, "Sample");
  return { table, name: "Sample", of: "rows", where: "TRUE", title: "rows of Sample" };
}

const rowsOf = (db: Db) => db.rows("SELECT * FROM Sample ORDER BY id");

async function makeAgain(db: Db, { table }: SavedRows): Promise<void> {
  await db.run("DROP TABLE Sample");
  await db.run(createTableSql(table));
}

onEveryServer("a save file", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("is named after database and time, is readable only by its account, and never overwrites a file", async () => {
    await using db = await makeDatabase("empty");
    await db.query("CREATE DATABASE `a/b c`");
    await using source = await session({ ...db, database: "a/b c" });
    await using folder = await temporaryFolder();
    const what = await prepare(source);
    const before = process.umask(0);
    try {
      // The session's clock is stopped, so that both have the same time.
      await source.run("SET timestamp = 1763881804");
      const [first, second] = [await openSaveFile(folder.path, source), await openSaveFile(folder.path, source)];
      expect(await readdir(folder.path)).toEqual([]);
      expect(await first.save(source, { ...what, where: "id > 100" })).toEqual({ rows: 0 });
      expect(await readdir(folder.path)).toEqual([]);
      for (const file of [first, second]) {
        await file.save(source, what);
        await file.deleted();
        await file.finish();
      }
      expect([first.path, second.path].map((path) => basename(path))).toEqual([
        "a_b_c_2025-11-23T071004Z.sql.gz",
        "a_b_c_2025-11-23T071004Z_2.sql.gz",
      ]);
      expect((await stat(first.path)).mode & 0o777).toBe(0o600);
      expect(await textOf(first.path)).toContain("zcat a_b_c_2025-11-23T071004Z.sql.gz | mysql 'a/b c'");
    } finally {
      process.umask(before);
    }
  });

  test("leaves session settings and ids as they were, and stops at rows that already exist", async () => {
    await using db = await makeDatabase("empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    const what = await prepare(source);
    const before = await rowsOf(source);
    await source.run("LOCK TABLES Sample WRITE");
    const file = await openSaveFile(folder.path, source);
    await file.save(source, what);
    await file.deleted();
    await source.run("UNLOCK TABLES");
    await makeAgain(source, what);
    await source.run("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone = '-11:00', foreign_key_checks = 1");
    const asked =
      "SELECT @@sql_mode, @@time_zone, @@foreign_key_checks, @@unique_checks, @@character_set_client, " +
      "@@character_set_results, @@collation_connection";
    const settings = await source.rows(asked);
    await restore(source, file.path);
    expect(await source.rows(asked)).toEqual(settings);
    await source.run("SET time_zone = '+00:00'");
    expect(await rowsOf(source)).toEqual(before);

    await source.run("DELETE FROM Sample WHERE id = 3");
    await expect(restore(source, file.path)).rejects.toMatchObject({ code: 1062 });
    await source.run("ROLLBACK");
    expect(await rowsOf(source)).toHaveLength(2);
    await source.run("INSERT INTO Sample (name) VALUES ('next')");
    expect(await source.rows("SELECT id FROM Sample WHERE name = 'next'")).toEqual([{ id: 10 }]);
  });

  test("restores rows before their column values, whatever the order of saving", async () => {
    await using db = await makeDatabase("empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    const what = await prepare(source);
    const before = await rowsOf(source);
    const file = await openSaveFile(folder.path, source);
    await source.run("CREATE TABLE Other SELECT 1 AS x");
    const other = { ...what, name: "Other", table: await tableOf(source, "Other"), title: "another table's rows" };
    const values = { ...what, of: { columns: [{ name: "name" }] }, where: "name IS NOT NULL", title: "values of name" };
    expect(await file.save(source, values)).toEqual({ rows: 2 });
    await source.run("ALTER TABLE Sample DROP COLUMN name");
    await file.deleted();
    await file.save(source, other);
    await file.deleted();
    await file.save(source, { ...what, table: await tableOf(source, "Sample") });
    await file.deleted();
    await makeAgain(source, what);
    await source.run("DELETE FROM Other");
    await restore(source, file.path);
    expect(await rowsOf(source)).toEqual(before);
    expect(await source.rows("SELECT x FROM Other")).toEqual([{ x: 1 }]);
  });

  test("adds the facility's own columns if they are missing", async () => {
    await using db = await makeDatabase("empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    const ours = await prepare(source);
    await source.run(
      "ALTER TABLE Sample ADD COLUMN `bag``s` varchar(9) NOT NULL DEFAULT 'it''s' COMMENT 'two\nlines; \\\\ \u00e9'",
    );
    const table = await tableOf(source, "Sample");
    const before = await rowsOf(source);
    const file = await openSaveFile(folder.path, source);
    await file.save(source, { ...ours, table, extra: table.columns.filter((column) => column.name === "bag`s") });
    await file.deleted();
    for (const made of [ours.table, table]) {
      await makeAgain(source, { ...ours, table: made });
      await restore(source, file.path);
      expect(await rowsOf(source)).toEqual(before);
      expect((await tableOf(source, "Sample")).columns).toEqual(table.columns);
    }
  });

  test("is not written if rows change while they are read", async () => {
    await using db = await makeDatabase("empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    const what = await prepare(source);
    const disturbed = intercept(source, async (sql, send) => {
      const found = await send();
      if (sql.includes("COUNT(*)")) await db.query("INSERT INTO Sample (name) VALUES ('meanwhile')");
      return found;
    });
    const file = await openSaveFile(folder.path, source);
    await expect(file.save(disturbed, what)).rejects.toMatchObject({
      code: "SAVE_FAILED",
      details: { found: "3 rows counted, but 4 read: another session writes to the table" },
    });
    expect(await readdir(folder.path)).toEqual([]);
    expect(await file.save(source, what)).toEqual({ rows: 4 });
  });

  test("is refused if it could not restore everything", async () => {
    await using db = await makeDatabase("empty");
    await using source = await session(db);
    await using folder = await temporaryFolder();
    const what = await prepare(source);
    const { table } = what;
    const file = await openSaveFile(folder.path, source);
    const refusals: [string, SavedRows][] = [
      [
        "Sample.thing has the unknown type xmltype",
        {
          ...what,
          table: { ...table, columns: [...table.columns, { name: "thing", type: "xmltype", nullable: true }] },
        },
      ],
      [
        "Sample is a system-versioned table, and its history would be lost",
        { ...what, table: { ...table, notUnderstood: ["system versioned"] } },
      ],
      [
        "Sample has no primary key, so a saved value cannot be put back into its row",
        { ...what, table: { ...table, indexes: [] }, of: { columns: [{ name: "name" }] } },
      ],
    ];
    for (const [found, refused] of refusals) {
      await expect(file.save(source, refused)).rejects.toMatchObject({
        code: "SAVE_FAILED",
        details: { found: [found] },
      });
    }
    expect(await readdir(folder.path)).toEqual([]);
  });
});

test("the folder is checked before anything is done", async () => {
  await using folder = await temporaryFolder();
  await expect(checkFolder(folder.path)).resolves.toBeUndefined();
  await expect(checkFolder(`${folder.path}/missing`)).rejects.toMatchObject({
    code: "SAVE_FAILED",
    details: { where: `${folder.path}/missing`, found: expect.stringContaining("ENOENT") },
  });
  await expect(checkFolder(import.meta.filename)).rejects.toMatchObject({ code: "SAVE_FAILED" });
});
