/** A run that is cut off or killed while it fills rows, or makes a statement that several steps share, is run again. */
import { beforeAll, describe, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn } from "../cli/run-cli.ts";
import { startOn } from "../cli/spawn-cli.ts";
import { tries } from "../support/proof.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf, upgrade } from "../support/upgrade.ts";
import { type Counter, CutOff, cuttingConnect, pointsOf } from "./cut.ts";
import { killAt } from "./kill-at.ts";
import { filledRows, withRebuiltTables } from "./rebuilt-tables.ts";

const parts = [1, 2, 3, 4];
/** Records before and after a statement that several steps share are as many as those steps. */
const NEAR = 4;

/** The batches of the fills, the statements that rebuild, and what is recorded around them. */
function cutPoints({ texts = [] }: Counter): number[] {
  const isMeant = (sql: string) =>
    /^UPDATE `AutoProcProgramMessage`|^(SET STATEMENT .*)?ALTER TABLE `AutoProcProgram/.test(sql);
  const meant = texts.flatMap((sql, at) => (isMeant(sql) ? [at + 1] : []));
  return texts.map((_, at) => at + 1).filter((at) => meant.some((each) => Math.abs(each - at) <= NEAR));
}

/** Milliseconds until the kill: before the statement is sent, while the server works on it, and afterwards. */
const delays = [0, 2, 5, 10, 20];
const turns = Array.from({ length: tries(10) }, (_, at) => at);

/** What every run must come to. */
async function resultOf(db: TestDatabase) {
  return { catalog: await catalogOf(db), journal: await journalOf(db), rows: await filledRows(db) };
}

async function expectResult(db: TestDatabase, wanted: Awaited<ReturnType<typeof resultOf>>, place: string) {
  const { catalog, journal, rows } = await resultOf(db);
  expect(compareCatalogs(wanted.catalog, catalog), place).toEqual([]);
  expect(journal, place).toEqual(wanted.journal);
  expect(rows, place).toEqual(wanted.rows);
}

onEveryServer("killed while tables are filled and rebuilt", (lane) => {
  const makeDatabase = sharedServer(lane);
  const given = async (): Promise<TestDatabase> => {
    const db = await makeDatabase("official");
    await withRebuiltTables(db);
    return db;
  };
  const all = { sent: 0, texts: [] as string[] };
  let wanted: Awaited<ReturnType<typeof resultOf>>;

  beforeAll(async () => {
    await using undisturbed = await given();
    await upgrade(undisturbed, { connect: cuttingConnect(undisturbed, all) });
    wanted = await resultOf(undisturbed);
    const sent = wanted.journal.map((row) => row["statement"] as string | null);
    // One rebuild of each table, for several steps.
    for (const [table, steps] of [
      ["AutoProcProgram", 3],
      ["AutoProcProgramAttachment", 2],
      ["AutoProcProgramMessage", 2],
    ] as const) {
      const rebuilds = sent.filter((sql) => sql?.includes(`ALTER TABLE \`${table}\` `) && !/KEY|INSTANT/.test(sql));
      expect(rebuilds.length, table).toBeGreaterThanOrEqual(steps);
      expect(new Set(rebuilds).size, table).toBe(1);
    }
    expect(all.texts.filter((sql) => sql.startsWith("UPDATE `AutoProcProgramMessage`")).length).toBeGreaterThan(5);
  });

  test.each(parts)(`cut off after a statement of theirs: part %i of ${parts.length}`, async (part) => {
    const points = pointsOf(lane, cutPoints(all)).filter((_, nth) => nth % parts.length === part - 1);
    expect(points.length).toBeGreaterThan(1);
    for (const at of points) {
      const place = `after statement ${at}: ${all.texts[at - 1]}`;
      await using db = await given();
      const cutOff = upgrade(db, {
        connect: cuttingConnect(db, { sent: 0 }, { at, when: "after the server did it" }),
      });
      await expect(cutOff, place).rejects.toBeInstanceOf(CutOff);
      expect((await upgrade(db)).verification.differences, place).toEqual([]);
      await expectResult(db, wanted, place);
    }
  });

  describe("kill -9", () => {
    const args = ["up", "--yes", "--json"];
    let progress: readonly string[] = [];
    /** The lines of the progress at which it begins to fill or to rebuild. */
    let begins: readonly number[] = [];
    let killed = 0;
    let begun = 0;

    beforeAll(async () => {
      await using undisturbed = await given();
      progress = (await runOn(undisturbed, args)).stderr.split("\n");
      begins = progress.flatMap((line, at) => (/fill NULLs|together with/.test(line) ? [at + 1] : []));
      expect(begins.length).toBeGreaterThan(4);
    });

    // Each of them is killed once, and by a proof as often as it says.
    test.each(turns)("at the beginning of each, and some milliseconds later: turn %i", async (turn) => {
      for (const [nth, line] of begins.entries()) {
        const later = (delays[(turn + nth) % delays.length] ?? 0) + Math.floor(turn / delays.length);
        const place = `${later} ms after ${progress[line - 1]}`;
        await using db = await given();
        begun++;
        if ((await killAt(startOn(db, args), { line, later })) === null) killed++;
        const again = await runOn(db, ["up", "--yes"]);
        expect(again.exit, `${place}\n${again.stderr}`).toBe(0);
        await expectResult(db, wanted, place);
      }
    });

    test("they came in time", () => {
      expect(killed).toBe(begun);
    });
  });
});
