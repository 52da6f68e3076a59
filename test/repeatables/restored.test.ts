/** An earlier procedure under one of our names comes back from `down` as it was, with the bytes of the session that made it. */
import { type RowDataPacket, createConnection } from "mysql2/promise";
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { loadProcedures } from "../../src/repeatables/procedures/source.ts";
import { takeDown, upgrade } from "../support/upgrade.ts";

/** With what a comment may hold, and a body that has lines like a comment's. */
const body = "BEGIN\n  SELECT 'a)\n    COMMENT ''no''\n' AS x, '\\' AS y;\nEND";
const odd = "(IN p_id int, IN p_kind enum('(','\\'))";
/** A text that procedure and comment hold, and that a caller reads. */
const saying = (word: string) => `(IN p_kind enum('(','${word}')) COMMENT '${word}' BEGIN SET @x = '${word}'; END`;

interface Made {
  readonly charset?: string;
  readonly mode?: string;
  readonly definition: string;
  /** MySQL alone: MariaDB finds no account by a name in the bytes of another character set. */
  readonly definer?: string;
}

const procedures: readonly (Made & { readonly name: string })[] = [
  {
    name: "without backslash escapes",
    mode: "NO_BACKSLASH_ESCAPES",
    definition: `${odd} COMMENT 'C:\\old ''one''\\\n\\' ${body}`,
  },
  {
    name: "without backslash escapes, with all characteristics",
    mode: "NO_BACKSLASH_ESCAPES",
    definition: `${odd} READS SQL DATA DETERMINISTIC SQL SECURITY INVOKER COMMENT '\\n' ${body}`,
  },
  {
    name: "without backslash escapes and without a comment",
    mode: "NO_BACKSLASH_ESCAPES",
    definition: `${odd} ${body}`,
  },
  {
    name: "with backslash escapes",
    definition: "(IN p_kind enum('\\'(', 'b)')) COMMENT 'C:\\\\old \\'one\\' é' BEGIN SELECT '\\\\' AS x; END",
  },
  { name: "with an empty comment", definition: "() COMMENT '' BEGIN SET @x = ''; END" },
  {
    name: "with ANSI_QUOTES",
    mode: "ANSI_QUOTES",
    definition: `(IN "p(\\" int) COMMENT 'a "b"' BEGIN SET @x = '\\\\'; END`,
  },
  {
    name: "with comments among its parameters",
    definition: "(IN a int /* ) */, -- (\n IN b int # (\n) BEGIN SET @x = 1; END",
  },
  { name: "in utf8mb4, with characters of four bytes", definition: "(IN p enum('😀')) BEGIN SET @x = '😀'; END" },
  { name: "in utf8mb3", charset: "UTF8_UNICODE_CI", definition: saying("café") },
  { name: "in latin1", charset: "LATIN1_SWEDISH_CI", definition: saying("café") },
  {
    name: "in latin1, without backslash escapes",
    charset: "LATIN1_GERMAN1_CI",
    mode: "NO_BACKSLASH_ESCAPES,ANSI_QUOTES",
    definition: saying("C:\\café"),
  },
  {
    name: "in latin1, with the comment alone",
    charset: "LATIN1_SWEDISH_CI",
    definition: "() COMMENT 'é' BEGIN SET @x = 1; END",
  },
  { name: "in latin2", charset: "LATIN2_GENERAL_CI", definition: saying("žluťoučký") },
  {
    name: "in sjis, whose characters may end in a backslash",
    charset: "SJIS_JAPANESE_CI",
    definition: saying("ソ表`("),
  },
  { name: "in gbk, whose characters may end in a backslash", charset: "GBK_CHINESE_CI", definition: saying("誠") },
  {
    name: "in big5, with the comment alone",
    charset: "BIG5_CHINESE_CI",
    definition: "() COMMENT '功' BEGIN SET @x = 1; END",
  },
  {
    name: "in latin1, by a definer with such a name",
    charset: "LATIN1_SWEDISH_CI",
    definer: "rené",
    definition: saying("café"),
  },
];

onEveryServer("earlier procedures", (lane) => {
  test("come back with the bytes of the sessions that made them", async () => {
    await using db = await freshDatabase(lane, "official");
    const names = (await loadProcedures()).map(({ name }) => name);
    const all = procedures.filter(({ definer }) => definer === undefined || lane.vendor === "mysql");
    const each = all.map((made, at) => ({ ...made, procedure: names[at] ?? "" }));
    expect(each.length).toBeLessThan(names.length);
    for (const made of each) await make(db, made);
    const before = await pictures(db, each);
    await upgrade(db);
    const after = await pictures(db, each);
    for (const { name } of each) expect(after[name], name).not.toEqual(before[name]);
    await takeDown(db);
    expect(await pictures(db, each)).toEqual(before);
  });

  test("of a database that was altered meanwhile are said to have another collation", async () => {
    await using db = await freshDatabase(lane, "official");
    const each = [{ name: "own", procedure: "retrieve_processing_job" }];
    await db.query("CREATE PROCEDURE retrieve_processing_job(IN p varchar(9)) BEGIN SET @x = p; END");
    const before = await pictures(db, each);
    await upgrade(db);
    const { plan } = await takeDown(db);
    expect(plan.repeatables.flatMap(({ remains }) => remains ?? [])).toEqual([]);
    expect(await pictures(db, each)).toEqual(before);
    await upgrade(db);
    await db.query(`ALTER DATABASE ${db.database} CHARACTER SET latin1 COLLATE latin1_german1_ci`);
    const { stdout, stderr, exit } = await runOn(db, ["down", "--yes", "--last", "15"]);
    expect(exit, stderr).toBe(0);
    const said = /procedure retrieve_processing_job: parameters .* had (\w+), and get latin1_german1_ci/;
    const [row] = await db.query<{ "Database Collation": string }>("SHOW CREATE PROCEDURE retrieve_processing_job");
    expect(said.exec(stderr)?.[1]).toMatch(/^utf8mb4_|^latin1_swedish/);
    expect(stdout).toMatch(said);
    expect(row?.["Database Collation"]).toBe("latin1_german1_ci");
  });

  test("under ANSI_QUOTES are those of the account that made them", async () => {
    await using db = await freshDatabase(lane, "official");
    const account = { user: "migrator", password: "All-but-others-1" };
    await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${account.password}'`);
    await db.query("GRANT ALL ON ispyb.* TO migrator@'%'");
    await db.query("GRANT SELECT ON mysql.procs_priv TO migrator@'%'");
    const { host, port, database } = db;
    const client = await createConnection({ host, port, database, ...account });
    await client.query("SET SESSION sql_mode = 'ANSI_QUOTES'");
    await client.query("CREATE PROCEDURE retrieve_processing_job(INOUT p_id int) BEGIN SET p_id = 1; END");
    client.destroy();
    const each = [{ name: "own", procedure: "retrieve_processing_job" }];
    const before = await pictures(db, each);
    const up = await runOn(db, ["up", "--yes"], account);
    expect(up.exit, up.stderr).toBe(0);
    const down = await runOn(db, ["down", "--yes", "--last", "15"], account);
    expect(down.exit, down.stderr).toBe(0);
    expect(await pictures(db, each)).toEqual(before);
  });
});

/** By a client in that character set. */
async function make(db: TestDatabase, made: Made & { readonly procedure: string }) {
  const { charset = "UTF8MB4_UNICODE_CI", definer, definition, mode = "", procedure } = made;
  const { host, port, user, password, database } = db;
  const client = await createConnection({ host, port, user, password, database, charset });
  try {
    if (definer !== undefined) {
      await client.query(`CREATE USER '${definer}'@'%'`);
      await client.query(`GRANT EXECUTE ON *.* TO '${definer}'@'%'`);
    }
    await client.query(`SET SESSION sql_mode = '${mode}'`);
    const by = definer === undefined ? "" : `DEFINER='${definer}'@'%' `;
    await client.query(`CREATE ${by}PROCEDURE ${procedure}${definition}`);
  } finally {
    client.destroy();
  }
}

type Pictured = readonly { readonly name: string; readonly procedure: string }[];

/** All that the server prints and keeps of each, as bytes, and what it gives to a caller. */
async function pictures(db: TestDatabase, each: Pictured): Promise<Record<string, unknown>> {
  const session = await db.connection();
  const [kept] = await session.query<RowDataPacket[]>(
    "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'mysql' AND TABLE_NAME = 'proc'",
  );
  const pictured: Record<string, unknown> = {};
  for (const { name, procedure } of each) {
    const said = await saidBy(db, procedure);
    await session.query("SET character_set_results = binary");
    const [shown] = await session.query<RowDataPacket[]>(`SHOW CREATE PROCEDURE ${procedure}`);
    const [stored] =
      kept.length === 0 ? [[]] : await session.query<RowDataPacket[]>(storedByMariadb, [db.database, procedure]);
    await session.query("SET character_set_results = utf8mb4");
    pictured[name] = { shown: inHex(shown[0]), stored: inHex(stored[0]), said };
  }
  return pictured;
}

const storedByMariadb =
  "SELECT definer, param_list, body, body_utf8, comment, sql_mode, security_type, sql_data_access, is_deterministic, " +
  "character_set_client, collation_connection, db_collation FROM mysql.proc WHERE db = ? AND name = ?";

function inHex(row: object | undefined) {
  return Object.entries(row ?? {}).map(([key, value]) => [key, Buffer.isBuffer(value) ? value.toString("hex") : value]);
}

/** Nothing if it refuses the call, as ours do without a job. */
async function saidBy(db: TestDatabase, procedure: string): Promise<unknown> {
  const parameters = await db.query(
    "SELECT 1 FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA = DATABASE() AND SPECIFIC_NAME = ?",
    [procedure],
  );
  await db.query("SET @x = 'nothing'");
  await db.query(`CALL ${procedure}(${parameters.map(() => "NULL").join(", ")})`).catch(() => undefined);
  const [said] = await db.query("SELECT HEX(@x) AS x, CHARSET(@x) AS charset, COLLATION(@x) AS collation");
  return said;
}
