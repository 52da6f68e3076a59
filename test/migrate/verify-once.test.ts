/** Whatever is changed by hand, `verify` names each object once, and what it prints is enough when all of it is run. */
import { expect, test } from "vitest";
import { statements } from "../../src/base/split-script.ts";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { shareOfCases } from "../support/share.ts";
import { sharedServer } from "../support/shared-server.ts";
import { mutations } from "./mutations.ts";

interface State {
  readonly what: string;
  readonly change: readonly string[];
}

const key = "AutoProcProgram_FK2";

/** Several changes at once, or of objects that several migrations look at. */
const states: readonly State[] = [
  {
    what: "a foreign key dropped with its key",
    change: [`ALTER TABLE AutoProcProgram DROP FOREIGN KEY ${key}, DROP KEY ${key}`],
  },
  {
    what: "a column dropped with its foreign key",
    change: [`ALTER TABLE AutoProcProgram DROP FOREIGN KEY ${key}, DROP COLUMN processingJobId`],
  },
  {
    what: "the foreign keys of a whole table dropped",
    change: [
      "ALTER TABLE ProcessingJobImageSweep DROP FOREIGN KEY ProcessingJobImageSweep_ibfk1, DROP FOREIGN KEY ProcessingJobImageSweep_ibfk2",
    ],
  },
  {
    what: "a foreign key to another table, under another name",
    change: [
      `ALTER TABLE AutoProcProgram DROP FOREIGN KEY ${key}`,
      "ALTER TABLE AutoProcProgram ADD CONSTRAINT own FOREIGN KEY (processingJobId) REFERENCES DataCollection (dataCollectionId)",
    ],
  },
  { what: "a table and its rows dropped", change: ["DROP TABLE ProcessingJobParameter"] },
  {
    what: "a table renamed, and another one in its place",
    change: [
      "RENAME TABLE AutoProcProgramMessage TO Messages",
      "CREATE TABLE AutoProcProgramMessage LIKE Messages",
      "ALTER TABLE AutoProcProgramMessage MODIFY message varchar(20)",
    ],
  },
  {
    what: "two columns narrower, of which procedures take their types",
    change: ["ALTER TABLE ProcessingJob MODIFY displayName varchar(20), MODIFY recipe varchar(5)"],
  },
];

interface Document {
  readonly equal: boolean;
  readonly differences: readonly { readonly what: string; readonly repair: readonly string[] }[];
}

async function verified(db: TestDatabase): Promise<Document> {
  return JSON.parse((await runOn(db, ["verify", "--json"])).stdout) as Document;
}

function isCommand(line: string): boolean {
  return line.startsWith("ispyb-migrate ");
}

/** The object that a sentence begins with: "column ProcessingJob.recipe". */
function objectOf(what: string): string {
  return /^(?:foreign key|rows are missing in|\S+) [^ ,;]+/.exec(what)?.[0] ?? what;
}

async function keysOf(db: TestDatabase): Promise<string[]> {
  const keys = await db.query<{ key: string }>(
    "SELECT CONCAT_WS(' ', TABLE_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME) AS `key` FROM information_schema.KEY_COLUMN_USAGE " +
      "WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL",
  );
  return keys.map(({ key: each }) => each).toSorted();
}

onEveryServer("verify", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.each(shareOfCases(lane, [...states, ...mutations], 2))("$what", async ({ change }) => {
    await using db = await makeDatabase("official");
    for (const role of ["ispyb_processing", "ispyb_web"]) await db.query(`CREATE ROLE IF NOT EXISTS ${role}`);
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit, up.stderr).toBe(0);
    const keys = await keysOf(db);
    for (const sql of change) await db.query(sql);

    const { differences } = await verified(db);
    const objects = differences.map(({ what }) => objectOf(what));
    expect(objects).not.toEqual([]);
    expect(objects).toEqual([...new Set(objects)]);
    for (const { repair, what } of differences) expect(repair, what).not.toEqual([]);

    const session = await db.connection();
    const lines = differences.flatMap(({ repair }) => repair);
    for (const { sql } of statements(lines.filter((line) => !isCommand(line)).join("\n"))) await session.query(sql);
    if (lines.some(isCommand)) {
      const again = await runOn(db, ["up", "--yes", "--repair"]);
      expect(again.exit, again.stderr).toBe(0);
    }
    expect(await verified(db)).toMatchObject({ equal: true, differences: [] });
    expect(
      (await keysOf(db)).filter((each) => !each.startsWith("Messages") && !each.startsWith("messagesOfOld")),
    ).toEqual(keys);
  });
});
