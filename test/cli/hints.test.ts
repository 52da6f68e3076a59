/** Every command that is printed goes to the database that the command before it went to, as it is printed. */
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { journalTable } from "../../src/state/tables.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Ended, type InProcess, startInProcess } from "../support/in-process.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { shellWords } from "../support/shell-words.ts";
import { databases, upgradedDatabases } from "../support/template.ts";

/** One command that fails, or that prints what to run next, and what was done to its database before. */
interface Case {
  readonly on: keyof typeof targets;
  readonly args: readonly string[];
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  /** The commands that it prints, with … for the options of the connection. */
  readonly prints: readonly string[];
  /** The first Ctrl-C comes after this text. */
  readonly stopAfter?: string;
}

const targets = { fresh: databases.official, upgraded: upgradedDatabases.official } as const;

const newest = "2026_07_03_processing_job_delete_rules";
const uuid = "2026_07_02_job_uuid";
const cases: readonly Case[] = [
  { on: "fresh", args: ["status"], prints: ["plan …", "up …"] },
  {
    on: "fresh",
    args: ["status", "--create-roles", "--definer", "root@localhost", "--sql-security", "invoker"],
    prints: [
      "plan … --create-roles --definer root@localhost --sql-security invoker",
      "up … --create-roles --definer root@localhost --sql-security invoker",
    ],
  },
  { on: "fresh", args: ["plan"], prints: ["up …"] },
  { on: "fresh", args: ["plan", "--sql", "nowhere/script.sql"], prints: ["plan --sql FILE …", "up …"] },
  { on: "fresh", args: ["show"], prints: ["status …"] },
  { on: "fresh", args: ["seed", "multi-sweep", "--yes"], prints: ["plan …", "up …"] },
  { on: "fresh", args: ["seed", "no-such-story", "--yes"], prints: ["seed …", "seed --file FILE …"] },
  {
    on: "fresh",
    args: ["up", "--yes", "--create-roles", "--definer", "root@localhost"],
    before: ["ALTER TABLE AutoProcProgram ADD jobUuid char(36)"],
    after: ["ALTER TABLE AutoProcProgram DROP jobUuid"],
    prints: [
      "up --create-roles --definer root@localhost …",
      `up --create-roles --definer root@localhost --skip ${uuid} --reason "WHY" …`,
    ],
  },
  { on: "fresh", args: ["up", "--yes"], stopAfter: "✓ create table ProcessingJob ", prints: ["plan …", "up …"] },
  { on: "upgraded", args: ["down"], prints: ["down --last N …", "down --to NAME …"] },
  { on: "upgraded", args: ["down", "--last", "0"], prints: ["down --last 1 …"] },
  { on: "upgraded", args: ["down", "--last", "99"], prints: ["status …"] },
  {
    on: "upgraded",
    args: ["down", "--to", uuid, "--yes", "--save-to", "saved rows"],
    before: ["UPDATE AutoProcProgram SET jobUuid = REPEAT('x', 16)"],
    prints: [`down --to ${uuid} --allow-data-loss … --save-to 'saved rows'`],
  },
  {
    on: "upgraded",
    args: ["up", "--skip", "grants"],
    prints: ['up --skip NAME --reason "WHY" …', "up --unskip NAME …"],
  },
  { on: "upgraded", args: ["up", "--unskip", "no-such-name"], prints: ["status …"] },
  { on: "upgraded", args: ["up", "--skip", newest, "--reason", "a test"], prints: [`down --to ${newest} …`] },
  { on: "upgraded", args: ["show", "4000000"], prints: ["show …"] },
  { on: "upgraded", args: ["show", "1", "--status", "failed"], prints: ["show --status failed …", "show 1 …"] },
  { on: "upgraded", args: ["show", "--since", "yesterday"], prints: ["show --since 2026-01-31 …"] },
  { on: "upgraded", args: ["seed", "remove"], prints: ["seed remove STORY... …"] },
  { on: "upgraded", args: ["seed", "generate", "none"], prints: ["seed generate N --random-seed M …"] },
  {
    on: "upgraded",
    args: ["seed", "generate", "2", "--random-seed", "7", "--yes"],
    prints: ["show 1 …", "seed remove generated-7 …"],
  },
  {
    on: "upgraded",
    args: ["seed", "generate", "3", "--random-seed", "7", "--yes"],
    prints: ["seed remove generated-7 …", "seed generate 3 --random-seed N …"],
  },
  {
    on: "upgraded",
    args: ["up", "--yes"],
    before: ["DROP PROCEDURE upsert_processing_job"],
    prints: ["up --repair …", 'up --skip procedures/upsert_processing_job --reason "WHY" …'],
  },
  { on: "upgraded", args: ["verify"], prints: ["up --repair …"] },
  {
    on: "upgraded",
    args: ["up", "--yes", "--sql-security", "invoker"],
    before: ["ALTER TABLE ProcessingJob DROP COLUMN recipe"],
    after: ["ALTER TABLE ProcessingJob ADD COLUMN recipe varchar(50)"],
    prints: ["up --repair --sql-security invoker …", "verify … --sql-security invoker"],
  },
  {
    on: "upgraded",
    args: ["up", "--yes", "--repair"],
    before: [`DELETE FROM ${journalTable} WHERE migration LIKE '2017%'`],
    prints: ["plan …", "up --repair --allow-late …"],
  },
];

/** What a person writes for the words that stand for something. */
const meant: readonly (readonly [RegExp, string])[] = [
  [/ --last N\b/, " --last 1"],
  [/ generate N\b/, " generate 3"],
  [/ --random-seed [MN]\b/, " --random-seed 8"],
  [/ --(to|skip|unskip) NAME\b/, ` --$1 ${newest}`],
  [/ STORY\.\.\./, " multi-sweep"],
  [/ --file FILE\b/, " --file story.yaml"],
  [/ FILE\b/, " out.txt"],
];

onEveryServer("what is printed to be run next", (lane) => {
  test.each(["--url", "--socket", "--defaults-file"] as const)("goes to the database of %s", async (way) => {
    await using db = await freshDatabase(lane, "official", { generalLog: true });
    await using folder = await temporaryFolder();
    await copyFile(new URL("../../seeds/multi-sweep.yaml", import.meta.url), join(folder.path, "story.yaml"));
    await mkdir(join(folder.path, "saved rows"));
    const { connection, env } = await routeOf(way, db, folder.path);

    for (const { on, args, before = [], after = [], prints, stopAfter } of cases) {
      const database = targets[on];
      const given = connection(database);
      await db.query(`USE ${database}`);
      for (const sql of before) await db.query(sql);
      const options = { env, cwd: folder.path, tty: { columns: 1000 } };
      const failed = await run([...args, ...given], options, stopAfter);
      const lines = commandsIn(failed);
      const wanted = prints.map((line) => `ispyb-migrate ${line.replace("…", given.join(" "))}`);
      expect.soft(lines.toSorted(), `${args.join(" ")}\n${failed.stderr}`).toEqual(wanted.toSorted());
      for (const line of lines) {
        const [, ...words] = shellWords(meant.reduce((text, [word, example]) => text.replace(word, example), line));
        await db.query("TRUNCATE mysql.general_log");
        const next = await run(words, options);
        const printed = `${line}\n${next.stdout}${next.stderr}`;
        // `seed` alone lists the stories, and asks no database for them.
        const isList = words[0] === "seed" && words[1] === given[0];
        expect.soft(await reached(db), printed).toEqual(isList ? [] : [database]);
        expect.soft([0, 1, 3, 4, 64], printed).toContain(next.exit);
      }
      for (const sql of after) await db.query(sql);
    }
  });
});

// --- internal ---

/**
 * The flags of the connection, and an environment in which every command that lacks one of them goes to another
 * database.
 */
async function routeOf(way: "--url" | "--socket" | "--defaults-file", db: TestDatabase, folder: string) {
  const { host, password, port, socket } = db;
  const url = (database: string) => `mysql://root@${host}:${port}/${database}`;
  const env = { MYSQL_PWD: password, ISPYB_MIGRATE_URL: url(databases.diamond) };
  if (way === "--url") return { env, connection: (database: string) => ["--url", url(database)] };
  if (way === "--socket")
    return { env, connection: (database: string) => ["--socket", `${socket}`, "--database", database] };
  const content = `[client]\nuser=root\nhost=${host}\nport=${port}\n[ispyb-migrate]\ndatabase=${databases.diamond}\n`;
  await writeFile(join(folder, "server.cnf"), content, { mode: 0o600 });
  return {
    env: { MYSQL_PWD: password },
    connection: (database: string) => ["--database", database, "--defaults-file", "server.cnf"],
  };
}

/** The command line in a terminal, to its end. Every question is answered with no. */
async function run(args: readonly string[], options: InProcess, stopAfter?: string): Promise<Ended> {
  const started = startInProcess(args, options);
  if (stopAfter !== undefined) {
    await started.said(stopAfter);
    started.signal("SIGINT");
  }
  await started.said("Type yes or no").then(
    () => started.type("no\r"),
    () => {},
  );
  return started.ended;
}

/** The commands of this program in what was printed: between backticks, or to the end of a line or its comment. */
function commandsIn({ stdout, stderr }: Ended): string[] {
  const text = stripVTControlCharacters(stdout + stderr);
  const found = [...text.matchAll(/`(ispyb-migrate [^`]+)`|(?<!`)(ispyb-migrate (?:(?! {3}#).)+)/g)];
  return [...new Set(found.map(([, quoted, bare]) => quoted ?? bare ?? ""))];
}

/** The databases of the sessions that were opened. */
async function reached(db: TestDatabase): Promise<string[]> {
  const opened = await db.query<{ argument: string }>(
    "SELECT CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log WHERE command_type = 'Connect'",
  );
  return [...new Set(opened.map(({ argument }) => / on (\S*)/.exec(argument)?.[1] ?? ""))];
}
