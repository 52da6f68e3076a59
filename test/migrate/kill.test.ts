/** kill -9 of the tool itself at twenty moments of a run: the next run has the same result as an undisturbed one. */
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import type { Catalog } from "../../src/model.ts";
import { runOn } from "../cli/run-cli.ts";
import { startOn } from "../cli/spawn-cli.ts";
import { seed, tries } from "../support/proof.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf } from "../support/upgrade.ts";
import { type Moment, killAt } from "./kill-at.ts";

/** A few milliseconds later for every other line. */
const always: readonly Moment[] = Array.from({ length: 20 }, (_, at) => ({ line: at + 1, later: ((at + 1) % 4) * 4 }));

/** Anywhere in the run, as a part of its lines: only a proof has some. */
const anywhere = fc.record({ line: fc.double({ min: 0, max: 0.99, noNaN: true }), later: fc.nat(40) });
const more = Math.max(0, tries(200) - always.length);
const moments = [...always, ...(more === 0 ? [] : fc.sample(anywhere, { seed: seed(), numRuns: more }))];

onEveryServer("kill -9", (lane) => {
  const makeDatabase = sharedServer(lane);
  let catalog: Catalog;
  let journal: Awaited<ReturnType<typeof journalOf>>;
  let lines: number;
  let killed = 0;

  beforeAll(async () => {
    await using undisturbed = await makeDatabase("official");
    const first = await runOn(undisturbed, ["up", "--yes", "--json"]);
    expect(first.exit, first.stderr).toBe(0);
    lines = first.stderr.trimEnd().split("\n").length;
    [catalog, journal] = [await catalogOf(undisturbed), await journalOf(undisturbed)];
  });

  test.each(moments)("$later ms after line $line of its progress", async ({ later, line: wanted }) => {
    const line = wanted < 1 ? 1 + Math.floor(wanted * (lines - 1)) : wanted;
    expect(lines).toBeGreaterThanOrEqual(line);
    await using db = await makeDatabase("official");
    const exit = await killAt(startOn(db, ["up", "--yes", "--json"]), { line, later });
    if (exit === null) killed++;

    const again = await runOn(db, ["up", "--yes"]);
    expect(again.exit, again.stderr).toBe(0);
    expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
    expect(await journalOf(db)).toEqual(journal);
  });

  // The last of them may come too late to hit anything; were that so for many, nothing would be tested.
  test("nearly all of these moments came in time", () => {
    expect(killed).toBeGreaterThanOrEqual(moments.length * 0.9);
  });
});
