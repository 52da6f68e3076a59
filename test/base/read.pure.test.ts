/** Files: how they are opened, and what of them is refused, with file and line. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { baseFingerprint } from "../../src/base/fingerprint.ts";
import { readBase } from "../../src/base/read-base.ts";
import type { ReadOptions } from "../../src/base/read-script.ts";
import { temporaryFolder } from "../support/folder.ts";

/** The statements of a file with this content, as lines and text; what was reported. */
async function read(content: string | Buffer, options: ReadOptions = {}) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "dump.sql");
  await writeFile(path, content);
  const statements: [number, string][] = [];
  const reports: string[] = [];
  for await (const { file, line, bytes } of readBase(path, { ...options, report: (text) => reports.push(text) })) {
    expect(file).toBe(path);
    statements.push([line, Buffer.from(bytes, "latin1").toString()]);
  }
  return { statements, reports: reports.map((text) => text.replaceAll(`${folder.path}/`, "")) };
}

/** The error with which reading ends: what it is, where, and the details. */
async function refusal(content: string | Buffer, options: ReadOptions = {}) {
  const error = await read(content, options).then(
    () => expect.fail("it was read"),
    (thrown: { code: string; message: string; details: { where: string; found: string; next: string | string[] } }) =>
      thrown,
  );
  expect(error.code).toBe("BASE_INVALID");
  const { where, found, next } = error.details;
  return { where: where.replace(/^.*\//, ""), found, next: [next].flat().join("; ") };
}

describe("a script is read", () => {
  const script = "SELECT 'é';\n\nSELECT\n2;\n";
  const statements = [
    [1, "SELECT 'é'"],
    [3, "SELECT\n2"],
  ];

  test.each<[string, Buffer]>([
    ["plain", Buffer.from(script)],
    ["with a byte order mark", Buffer.from(`\u{FEFF}${script}`)],
    ["packed by gzip", zlib.gzipSync(script)],
    [
      "packed by gzip in two members",
      Buffer.concat([zlib.gzipSync(script.slice(0, 20)), zlib.gzipSync(script.slice(20))]),
    ],
  ])("%s", async (_how, content) => {
    expect((await read(content)).statements).toEqual(statements);
  });

  test("packed by zstd, where this Node has it", async () => {
    const { zstdCompressSync } = zlib as { zstdCompressSync?: (text: string) => Buffer };
    if (zstdCompressSync === undefined) {
      expect((await refusal(Buffer.from("28b52ffd00", "hex"))).next).toContain("zstd -dk");
    } else {
      expect((await read(zstdCompressSync(script))).statements).toEqual(statements);
    }
  });

  test("an empty file has no statement", async () => {
    expect((await read("")).statements).toEqual([]);
  });
});

describe("refused, with file and line", () => {
  test.each<[string, string | Buffer, string, string]>([
    ["source", "SELECT 1;\nsource more.sql\nSELECT 2;", "dump.sql:2", "source more.sql"],
    ["\\.", "SELECT 1;\n\\. more.sql\n", "dump.sql:2", "\\."],
    ["\\G", "SELECT 1\\G\n", "dump.sql:1", "\\G"],
    ["system behind a delimiter", "SELECT 1; system rm -rf x;\n", "dump.sql:1", "system rm -rf x"],
    ["quit", "SELECT 1;\n  QUIT\n", "dump.sql:2", "QUIT"],
    ["quit with a delimiter", "SELECT 1;\nquit;\n", "dump.sql:2", "quit"],
    ["connect", "connect other localhost;\n", "dump.sql:1", "connect other localhost"],
    ["a DELIMITER in the middle of a line", "SELECT 1; DELIMITER $$\nSELECT 2$$\n", "dump.sql:1", "DELIMITER $$"],
    ["a DELIMITER without one", "\nDELIMITER\n", "dump.sql:2", "DELIMITER"],
    [
      "a file of the client's machine",
      "\n\nLOAD DATA LOCAL INFILE 'a' INTO TABLE t;\n",
      "dump.sql:3",
      "LOAD DATA LOCAL INFILE 'a' INTO TABLE t",
    ],
    ["a second database", "USE a;\nSELECT 1;\nUSE `b`;\n", "dump.sql:3", "USE `b`: database b, after a"],
    ["a zero byte", "SELECT 1;\nSELECT '\0';\n", "dump.sql:2", "a zero byte, which the stock client refuses, too"],
    [
      "UTF-16 without a mark",
      Buffer.from("SELECT 1;", "utf16le"),
      "dump.sql:1",
      "a zero byte, which the stock client refuses, too",
    ],
    ["UTF-16", Buffer.from("\u{FEFF}SELECT 1;", "utf16le"), "dump.sql", "UTF-16"],
    ["UTF-16 that is packed", zlib.gzipSync(Buffer.from("\u{FEFF}SELECT 1;", "utf16le")), "dump.sql", "UTF-16"],
    ["gzip that is cut off", zlib.gzipSync("SELECT 1;").subarray(0, 20), "dump.sql", "unexpected end of file"],
    ["xz", Buffer.from("fd377a585a0000", "hex"), "dump.sql", "xz"],
    ["zip", Buffer.from("504b0304", "hex"), "dump.sql", "zip"],
  ])("%s", async (_what, content, where, found) => {
    expect(await refusal(content)).toMatchObject({ where, found });
  });

  test("a statement that is too long, before all of it is read", async () => {
    const rows = `SELECT 1;\nINSERT INTO t VALUES\n${"(1),\n".repeat(5_000)}`;
    expect((await refusal(rows, { longest: 10_000 })).where).toBe("dump.sql:2");
    expect((await refusal(`SELECT 1;\nSELECT '${"x".repeat(500_000)}';\n`, { longest: 10_000 })).where).toBe(
      "dump.sql:2",
    );
    expect((await read("SELECT 1;SELECT 2;\n".repeat(5_000), { longest: 10 })).statements).toHaveLength(10_000);
  });

  test("no password is shown", async () => {
    const { found } = await refusal("USE a;\nCREATE DATABASE b COMMENT 'x' /* IDENTIFIED BY 'secret' */;\n");
    expect(found).not.toContain("secret");
  });

  test("a path that is not there, and a folder that is no checkout", async () => {
    await using folder = await temporaryFolder();
    const first = (path: string) => readBase(path).next();
    await expect(first(join(folder.path, "none.sql"))).rejects.toMatchObject({ code: "BASE_INVALID" });
    await expect(first(folder.path)).rejects.toMatchObject({ code: "BASE_INVALID", details: { where: folder.path } });
    await mkdir(join(folder.path, "schema"));
    await writeFile(join(folder.path, "schema/1_tables.sql"), "SELECT 1;");
    await expect(first(folder.path)).rejects.toMatchObject({
      details: { found: "schema without 2_lookups.sql, 3_data.sql, 4_data_user_portal.sql, 5_routines.sql" },
    });
  });
});

describe("the one database of a dump becomes the target", () => {
  const options = "/*!40100 DEFAULT CHARACTER SET latin1 */";
  test.each<[string, string, string[]]>([
    ["USE", "USE `a`;\nSELECT 1;\nuse a;\n", ["SELECT 1"]],
    ["CREATE DATABASE", "CREATE DATABASE `a`;\nUSE `a`;\n", []],
    [
      "its defaults are set",
      `CREATE DATABASE /*!32312 IF NOT EXISTS*/ \`a\` ${options};\nUSE \`a\`;\n`,
      [`ALTER DATABASE ${options}`],
    ],
    ["as a schema", "CREATE SCHEMA IF NOT EXISTS a COLLATE utf8mb4_bin;", ["ALTER DATABASE COLLATE utf8mb4_bin"]],
    ["dropped before", "/*!40000 DROP DATABASE IF EXISTS `a`*/;\nCREATE DATABASE a;", []],
    ["altered", "ALTER DATABASE `a` CHARACTER SET utf8mb3;", ["ALTER DATABASE CHARACTER SET utf8mb3"]],
    ["altered without a name", "ALTER DATABASE CHARACTER SET utf8mb3;", ["ALTER DATABASE CHARACTER SET utf8mb3"]],
    [
      "words that only look like it",
      "CREATE TABLE `database` (a int);\nDROP TABLE a;",
      ["CREATE TABLE `database` (a int)", "DROP TABLE a"],
    ],
    ["a name with a backtick", "USE `a``b`;\nCREATE DATABASE `a``b`;", []],
  ])("%s", async (_what, script, sent) => {
    expect((await read(script)).statements.map(([, text]) => text)).toEqual(sent);
  });

  test("and that is reported", async () => {
    expect((await read("\nUSE `a`;\n")).reports).toEqual([
      "dump.sql:2: USE `a`: not sent: the script is loaded into the target database instead of a",
    ]);
  });
});

describe("a fingerprint", () => {
  test("is that of the content, in order, and not of names", async () => {
    await using folder = await temporaryFolder();
    const [a, b, c] = ["a", "b", "c"].map((name) => join(folder.path, name)) as [string, string, string];
    await writeFile(a, "SELECT 1;");
    await writeFile(b, "SELECT 2;");
    await writeFile(c, "SELECT 1;");
    expect(await baseFingerprint(a)).toBe(await baseFingerprint([c]));
    const all = await Promise.all(
      [[a], [b], [a, b], [b, a], ["official"], ["diamond"]].map((bases) => baseFingerprint(bases)),
    );
    expect(new Set(all).size).toBe(all.length);
  });
});

/**
 * Bytes that are in use after a collection: the process has loaded much for other tests. Buffers of a collection are given
 * back beside the program, and are counted until the next one begins.
 */
function memory(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("a script of 100 MB needs the memory of a few chunks", { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "large.sql.gz");
  const row = `(1, '${"x".repeat(980)}; \\'')`;
  const statement = `INSERT INTO t VALUES ${Array.from({ length: 100 }, () => row).join(",")};\n`;
  await writeFile(path, Buffer.concat(Array.from({ length: 10 }, () => zlib.gzipSync(statement.repeat(100)))));
  const before = memory();
  let [bytes, count, most] = [0, 0, 0];
  for await (const each of readBase(path)) {
    bytes += each.bytes.length;
    count += 1;
    if (count % 250 === 0) most = Math.max(most, memory());
  }
  expect(count).toBe(1_000);
  expect(bytes).toBeGreaterThan(98_000_000);
  expect(most - before).toBeLessThan(bytes / 4);
});
