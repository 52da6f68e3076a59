/** Bases loaded into a database: what the server makes of them, and what it refuses. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadBase } from "../../src/base/load-base.ts";
import { connect } from "../../src/db/connect.ts";
import { temporaryFolder } from "../support/folder.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";

const settings =
  "SELECT @@sql_mode, @@time_zone, @@character_set_client, @@collation_connection, @@foreign_key_checks, @@unique_checks, " +
  "@@autocommit, @@sql_safe_updates, @@lock_wait_timeout, @@sql_notes, DATABASE(), CONNECTION_ID()";

onEveryServer("a script that is loaded", (lane) => {
  test("keeps its bytes, whatever character set it has", async () => {
    await using folder = await temporaryFolder();
    await using server = await freshDatabase(lane, "empty");
    const file = join(folder.path, "latin1.sql");
    const script =
      "CREATE TABLE t (a varchar(20) CHARACTER SET utf8mb4);\nSET NAMES latin1;\nINSERT INTO t VALUES ('Ångström à');\n";
    await writeFile(file, Buffer.from(script, "latin1"));
    const utf8 = join(folder.path, "utf8.sql");
    await writeFile(utf8, "\u{FEFF}INSERT INTO t VALUES ('Ångström 🔬 à');\n");
    await using db = await connect(targetOf(server));
    await loadBase(db, [file, utf8]);
    expect(await db.rows("SELECT a FROM t")).toEqual([{ a: "Ångström à" }, { a: "Ångström 🔬 à" }]);
    await db.run("INSERT INTO t VALUES ('ß🔬')");
    expect(await db.rows("SELECT HEX(a) AS a FROM t WHERE a LIKE 'ß%'")).toEqual([{ a: "C39FF09F94AC" }]);
  });

  test("leaves the session as it was: settings, locks, variables and transactions", async () => {
    await using folder = await temporaryFolder();
    await using server = await freshDatabase(lane, "empty");
    const file = join(folder.path, "rude.sql");
    await writeFile(
      file,
      "CREATE TABLE t (a int);\nSET NAMES latin1; SET time_zone = '+05:00', foreign_key_checks = 0, unique_checks = 0, sql_notes = 0, " +
        "autocommit = 0, sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';\nSET @left = 1;\nCREATE TEMPORARY TABLE own (a int);\n" +
        "INSERT INTO t VALUES (1);\nCOMMIT;\nINSERT INTO t VALUES (2);\nLOCK TABLES t WRITE;\n",
    );
    await using db = await connect(targetOf(server));
    const before = await db.rows(settings);
    await loadBase(db, file);
    expect(await db.rows(settings)).toEqual(before);
    expect(await db.rows("SELECT @left AS v")).toEqual([{ v: null }]);
    await expect(db.rows("SELECT * FROM own")).rejects.toThrow("own");
    await expect(db.run("SELECT 1; SELECT 2")).rejects.toMatchObject({ code: 1064 });
    await using other = await connect(targetOf(server));
    await other.run("INSERT INTO t VALUES (3)");
  });

  test("begins each script in a new session with the server's own settings", async () => {
    await using folder = await temporaryFolder();
    await using server = await freshDatabase(lane, "empty");
    const [first, second] = [join(folder.path, "1.sql"), join(folder.path, "2.sql")];
    await writeFile(first, "SET sql_mode = '', @x = 1;\nCREATE TABLE t (mode text, x int);\n");
    await writeFile(second, "INSERT INTO t SELECT @@sql_mode = @@GLOBAL.sql_mode, @x;\n");
    await using db = await connect(targetOf(server));
    const reports: string[] = [];
    await loadBase(db, [first, second], (line) => reports.push(line));
    expect(await db.rows("SELECT * FROM t")).toEqual([{ mode: "1", x: null }]);
    expect(reports).toEqual([`${first}: 2 statements`, `${second}: 1 statement`]);
  });

  test("may change how its own quotes are read", async () => {
    await using folder = await temporaryFolder();
    await using server = await freshDatabase(lane, "empty");
    const file = join(folder.path, "modes.sql");
    await writeFile(
      file,
      "CREATE TABLE t (a varchar(20));\nSET @old = @@sql_mode, sql_mode = CONCAT('NO_BACKSLASH', '_ESCAPES');\n" +
        "INSERT INTO t VALUES ('\\'); SET sql_mode = @old; INSERT INTO t VALUES ('\\';');\n",
    );
    await using db = await connect(targetOf(server));
    await loadBase(db, file);
    expect(await db.rows("SELECT a FROM t")).toEqual([{ a: "\\" }, { a: "';" }]);
  });

  test("stops at a statement that the server refuses: file, line, statement, and what was done", async () => {
    await using folder = await temporaryFolder();
    await using server = await freshDatabase(lane, "empty");
    const file = join(folder.path, "bad.sql");
    await writeFile(
      file,
      "CREATE TABLE t (a int);\n\n-- why\nINSERT INTO nowhere\n  VALUES (1);\nCREATE TABLE u (a int);\n",
    );
    await using db = await connect(targetOf(server));
    await expect(loadBase(db, file)).rejects.toMatchObject({
      code: "STATEMENT_FAILED",
      details: {
        where: `${file}:4`,
        found: [expect.stringContaining("1146"), "INSERT INTO nowhere VALUES (1)"],
        done: expect.stringMatching(/^1 earlier statement had already run; .* To remove it: DROP DATABASE `empty`;$/),
      },
    });
    expect(await db.rows("SHOW TABLES")).toHaveLength(1);
  });

  test("that goes on to a second database is refused before that, and says what was done", async () => {
    await using folder = await temporaryFolder();
    await using server = await freshDatabase(lane, "empty");
    const file = join(folder.path, "two.sql");
    await writeFile(
      file,
      "CREATE DATABASE a CHARACTER SET latin1;\nUSE a;\nCREATE TABLE t (b char(1));\nUSE mysql;\nDROP TABLE t;\n",
    );
    await using db = await connect(targetOf(server));
    await expect(loadBase(db, file)).rejects.toMatchObject({
      code: "BASE_INVALID",
      details: {
        where: `${file}:4`,
        done: expect.stringMatching(/^2 earlier statements had already run; database empty stays as they left it\./),
      },
    });
    expect(
      await db.rows(
        "SELECT SCHEMA_NAME AS d, DEFAULT_CHARACTER_SET_NAME AS c FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()",
      ),
    ).toEqual([{ d: "empty", c: "latin1" }]);
    expect(await db.rows("SHOW DATABASES LIKE 'a'")).toEqual([]);
  });

  test("is refused if the server takes no statement of that size", async () => {
    await using folder = await temporaryFolder();
    await using server = await freshDatabase(lane, "empty");
    const file = join(folder.path, "large.sql");
    await server.query("SET GLOBAL max_allowed_packet = 1048576");
    await writeFile(file, `CREATE TABLE t (a mediumtext);\nINSERT INTO t VALUES ('${"x".repeat(1_000_000)}');\n`);
    await using db = await connect(targetOf(server));
    await loadBase(db, file);
    await db.run("DROP TABLE t");
    await writeFile(file, `CREATE TABLE t (a mediumtext);\n\nINSERT INTO t VALUES ('${"x".repeat(1_100_000)}');\n`);
    await expect(loadBase(db, file)).rejects.toMatchObject({ code: "BASE_INVALID", details: { where: `${file}:3` } });
  });

  test("keeps a definer that does not exist, whose objects then fail when they are used", async () => {
    await using folder = await temporaryFolder();
    await using server = await freshDatabase(lane, "empty");
    const file = join(folder.path, "definer.sql");
    await writeFile(
      file,
      "CREATE TABLE t (a int);\n/*!50013 CREATE DEFINER=`gone`@`%` SQL SECURITY DEFINER VIEW v AS SELECT a FROM t */;\n",
    );
    await using db = await connect(targetOf(server));
    await loadBase(db, file);
    expect(await db.rows("SELECT DEFINER AS d FROM information_schema.VIEWS WHERE TABLE_NAME = 'v'")).toEqual([
      { d: "gone@%" },
    ]);
    await expect(db.rows("SELECT * FROM v")).rejects.toMatchObject({ code: 1449 });
  });

  test("needs an empty database: a routine is enough to refuse it", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using db = await connect(targetOf(server));
    await db.run("CREATE PROCEDURE p() DO 1");
    await expect(loadBase(db, "official")).rejects.toMatchObject({
      code: "CONFLICT",
      details: { found: "1 object (tables, views, routines and events)" },
    });
  });
});
