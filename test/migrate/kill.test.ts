/** kill -9 of the tool itself at twenty moments of a run: the next run ends as an undisturbed one. */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import type { Catalog } from "../../src/model.ts";
import { runOn } from "../cli/run-cli.ts";
import { type Started, startOn } from "../cli/spawn-cli.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf, journalOf } from "../support/upgrade.ts";

const moments = Array.from({ length: 20 }, (_, at) => at + 1);

/** Kills at the given line of progress, a few milliseconds later for every other moment. */
async function killAtLine({ child, ended }: Started, line: number): Promise<number | null> {
  let seen = 0;
  for await (const _ of createInterface({ input: child.stderr ?? process.stdin })) {
    if (++seen < line) continue;
    await sleep((line % 4) * 4);
    child.kill("SIGKILL");
    break;
  }
  return (await ended).exit;
}

onEveryServer("kill -9", (lane) => {
  let catalog: Catalog;
  let journal: Awaited<ReturnType<typeof journalOf>>;
  let lines: number;
  let killed = 0;

  beforeAll(async () => {
    await using undisturbed = await freshDatabase(lane, "official");
    const first = await runOn(undisturbed, ["up", "--yes", "--json"]);
    expect(first.exit, first.stderr).toBe(0);
    lines = first.stderr.trimEnd().split("\n").length;
    [catalog, journal] = [await catalogOf(undisturbed), await journalOf(undisturbed)];
  });

  test.each(moments)("at line %i of its progress", async (moment) => {
    expect(lines).toBeGreaterThanOrEqual(moment);
    await using db = await freshDatabase(lane, "official");
    const exit = await killAtLine(startOn(db, ["up", "--yes", "--json"]), moment);
    if (exit === null) killed++;

    const again = await runOn(db, ["up", "--yes"]);
    expect(again.exit, again.stderr).toBe(0);
    expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
    expect(await journalOf(db)).toEqual(journal);
  });

  // The last of them may come too late to hit anything; were that so for many, nothing would be tested.
  test("nearly all of these moments came in time", () => {
    expect(killed).toBeGreaterThanOrEqual(moments.length - 2);
  });
});
