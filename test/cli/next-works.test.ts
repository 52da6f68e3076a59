/** A command that is printed to be run next is not refused in the state in which it is printed. */
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { type Lane, type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { shellWords } from "../support/shell-words.ts";
import { runOn } from "./run-cli.ts";

interface State {
  readonly what: string;
  readonly build: (db: TestDatabase) => Promise<void>;
  /** The commands whose output is followed. */
  readonly commands: readonly string[];
  /** What they print to be run next, without the flags of the connection. */
  readonly prints: readonly string[];
  /** What a person has to do before a command that is printed for afterwards. */
  readonly fix?: readonly string[];
}

const sql =
  (...statements: readonly string[]) =>
  async (db: TestDatabase) => {
    for (const statement of statements) await db.query(statement);
  };
const dropJob = "DROP PROCEDURE upsert_processing_job";
const dropParameter = "DROP PROCEDURE upsert_processing_job_parameter";
const dropUuid = "ALTER TABLE AutoProcProgram DROP COLUMN jobUuid";
const narrow = "ALTER TABLE ProcessingJob MODIFY displayName varchar(20)";
const widen = "ALTER TABLE ProcessingJob MODIFY displayName varchar(80)";
const rename = (from: string, to: string) => `ALTER TABLE AutoProcProgram RENAME COLUMN ${from} TO ${to}`;
const late = [
  "DELETE FROM ispyb_migrate_journal WHERE migration = '2024_12_04_attachment_deleted'",
  "ALTER TABLE AutoProcProgramAttachment DROP COLUMN deleted",
];
const gone =
  "UPDATE ispyb_migrate_journal SET checksum = 'steps-1:0' WHERE migration = '2026_07_02_job_uuid' AND step = 0";
const unfit =
  "procedures/create_processing_job,procedures/retrieve_processing_programs_for_job_id," +
  "procedures/retrieve_processing_programs_for_job_id_v2,procedures/upsert_processing_program,procedures/upsert_processing_program_v2";
const both = "procedures/upsert_processing_job,procedures/upsert_processing_job_parameter";

async function skipProcedures(db: TestDatabase): Promise<void> {
  const { exit, stderr } = await runOn(db, ["up", "--yes", "--skip", "procedures", "--reason", "ours are enough"]);
  expect(exit, stderr).toBe(0);
}

const states: readonly State[] = [
  {
    what: "a skipped procedure was dropped",
    build: async (db) => {
      await skipProcedures(db);
      await db.query(dropJob);
    },
    commands: ["status", "verify", "up --yes --unskip procedures"],
    prints: [
      "up --repair --unskip procedures",
      'up --skip procedures/upsert_processing_job --reason "WHY"',
      "up --unskip procedures --repair",
    ],
  },
  {
    what: "a conflict beside drift",
    build: sql(narrow, dropJob, dropUuid),
    commands: ["status", "verify", "plan", "up --yes", "up --yes --repair", "seed multi-sweep --yes"],
    prints: ["plan", "up --repair"],
    fix: [widen],
  },
  {
    what: "several procedures drifted",
    build: sql(dropJob, dropParameter),
    commands: ["status", "verify", "plan", "up --yes", "up --yes --skip procedures/upsert_processing_job --reason a"],
    prints: [
      "up --repair",
      `up --skip ${both} --reason "WHY"`,
      `up --skip ${both} --reason "a"`,
      'up --skip procedures/upsert_processing_job --reason "a" --repair',
    ],
  },
  {
    what: "several procedures lack their column",
    build: sql(rename("processingEnvironment", "environment")),
    commands: ["status", "verify", "plan", "up --yes"],
    prints: ["plan", "up", `up --skip ${unfit} --reason "WHY"`],
    fix: [rename("environment", "processingEnvironment")],
  },
  {
    what: "several procedures lack their column, and another one drifted",
    build: sql(rename("processingEnvironment", "environment"), dropJob),
    commands: ["verify"],
    prints: ["plan", `up --skip ${unfit} --reason "WHY" --repair`],
  },
  {
    what: "a late migration beside drift",
    build: sql(...late, dropJob),
    commands: ["status", "verify", "up --yes"],
    prints: [
      "plan",
      "up --repair --allow-late",
      'up --skip procedures/upsert_processing_job --reason "WHY" --allow-late',
    ],
  },
  {
    what: "an applied migration was edited, and a procedure dropped",
    build: sql(gone, dropJob),
    commands: ["status", "verify", "plan"],
    prints: ['accept 2026_07_02_job_uuid --reason "WHY"', "plan"],
  },
  {
    what: "seeding needs a column that was dropped",
    build: sql("ALTER TABLE ProcessingJob DROP COLUMN recipe"),
    commands: ["seed multi-sweep --yes", "status", "up --yes"],
    prints: ["plan", "verify", "up --repair"],
  },
];

onEveryServer("what is printed to be run next is not refused", (lane) => {
  test.each(states)("$what", async ({ build, commands, fix = [], prints }) => {
    const printed = new Map<string, string>();
    {
      await using db = await built(lane, build);
      for (const command of commands) {
        for (const [line, options] of await nextOf(db, command)) printed.set(line, options);
      }
    }
    expect([...printed.keys()].map(inOrder).toSorted()).toEqual([...new Set(prints.map(inOrder))].toSorted());
    for (const [line, note] of printed) {
      if (!line.startsWith("up")) continue;
      await using db = await built(lane, build);
      // What is printed for afterwards follows the work by hand; so does the plain `up` of a list of choices.
      if (note.startsWith("afterwards") || line === "up") await sql(...fix)(db);
      const next = await runOn(db, [...shellWords(line), "--yes"]);
      expect(next.exit, `${line}\n${next.stderr}`).toBe(0);
    }
  });

  test("values in a column of an earlier design: either statement ends the conflict", async () => {
    for (const choice of [/either .*: (ALTER TABLE .*);/, /or .*: (UPDATE .*);/]) {
      await using db = await freshDatabase(lane, "official");
      await db.query("ALTER TABLE AutoProcProgram ADD COLUMN reprocessingId int unsigned");
      await db.query("UPDATE AutoProcProgram SET reprocessingId = 3");
      const refused = await runOn(db, ["up", "--yes"]);
      expect(refused.exit).toBe(4);
      const [, statement = ""] = choice.exec(refused.stderr) ?? [];
      expect(statement, refused.stderr).not.toBe("");
      await db.query(statement);
      const up = await runOn(db, ["up", "--yes"]);
      expect(up.exit, up.stderr).toBe(0);
    }
  });

  test("down refuses what is not as it was created, and verify is named only where it reports that", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(narrow);
    const changed = await runOn(db, ["down", "--last", "99", "--yes"]);
    expect(changed.exit).toBe(64);
    const down = await runOn(db, ["down", "--to", "2017_10_16_1_processing_job_tables", "--yes"]);
    expect(down.stderr).toMatch(/ispyb-migrate verify --url .* # prints how to undo these changes/);
    expect((await runOn(db, ["verify"])).exit).toBe(1);
    await db.query(widen);

    await db.query("ALTER TABLE AutoProcProgramAttachment ALTER fileType SET DEFAULT 'Input'");
    const kept = await runOn(db, ["down", "--to", "2021_08_05_attachment_input", "--yes"]);
    expect(kept.exit, kept.stderr).toBe(4);
    expect(kept.stderr).toContain("a value that is removed here: first give the column another default");
    expect(kept.stderr).not.toContain("ispyb-migrate verify");
    await db.query("ALTER TABLE AutoProcProgramAttachment ALTER fileType SET DEFAULT 'Log'");
    const undone = await runOn(db, ["down", "--to", "2021_08_05_attachment_input", "--yes"]);
    expect(undone.exit, undone.stderr).toBe(0);
  });
});

// --- internal ---

async function built(lane: Lane, build: State["build"]): Promise<TestDatabase> {
  const db = await upgradedDatabase(lane, "official");
  await build(db);
  return db;
}

/** The commands that this one prints to be run next, without the flags of the connection, each with its note. */
async function nextOf(db: TestDatabase, command: string): Promise<[line: string, note: string][]> {
  const { stderr, stdout } = await runOn(db, shellWords(command));
  const text = stripVTControlCharacters(stdout + stderr);
  // "`up` would refuse" only names a command.
  const found = [...text.matchAll(/`ispyb-migrate ([^`]+)`(?! would)|(?<!`)ispyb-migrate ([^\n]+)/g)];
  const lines = found.map(([, quoted, bare = ""]) => (quoted ?? bare).split(/ {3}# /));
  return lines.map(([line = "", note = ""]) => [line.replace(/ --url \S+/, ""), note]);
}

/** The words of a command in one order: that of options means nothing. */
function inOrder(line: string): string {
  const [command = "", ...options] = line.split(/ (?=--)/);
  return [command, ...options.toSorted()].join(" ");
}
