/**
 * Facilities by chance: one, two or three of the things that facilities do, and `up` ends equal or refuses before its
 * first change. Judged by dumps and rows over the raw driver.
 */
import { expect, test } from "vitest";
import { Random } from "../../src/seed/generate/content/random.ts";
import { limit, seed, tries } from "../support/proof.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import type { Change, Start } from "./facilities/change.ts";
import { changes } from "./facilities/changes.ts";
import { facilityWith } from "./facilities/facility.ts";
import { judge } from "./facilities/judge.ts";
import { realStarts, starts } from "./facilities/starts.ts";

onEveryServer("facilities by chance", (lane) => {
  test("each is adopted, or refused before the first change", limit(280), async () => {
    await using server = await freshDatabase(lane, "empty");
    const real = realStarts.filter(({ only = lane.vendor }) => only === lane.vendor);
    const faults: string[] = [];
    const ends = new Map<string, number>();
    // The other servers differ in few things, and each database takes them as long.
    const many = tries(lane.name === "mariadb-10.11" ? 300 : 100);
    for (let attempt = 0; attempt < many; attempt++) {
      const random = Random.of(seed() + attempt, 0);
      // One of ten, where their checkouts are named.
      const isReal = random.whole(0, 9) === 0 && real.length > 0;
      const start = chosenFrom(isReal ? real : starts, random);
      const chosen = [...new Set(Array.from({ length: random.whole(1, 3) }, () => chosenFrom(changes, random)))];
      const found = await judged(server, start, chosen);
      for (const end of [found.end, ...found.reasons]) ends.set(end, (ends.get(end) ?? 0) + 1);
      if (found.faults.length === 0) continue;
      const smallest = await shrunk(server, start, chosen);
      const again = await judged(server, start, smallest);
      const said = `seed ${seed() + attempt}: ${start.name}: ${smallest.map(({ name }) => name).join(" + ")}\n    ${again.faults.join("\n    ")}`;
      process.stdout.write(`${said}\n`);
      faults.push(said);
    }
    process.stdout.write(`${lane.name}: ${[...ends].map(([end, times]) => `${times} ${end}`).join("; ")}\n`);
    expect(faults).toEqual([]);
  });
});

async function judged(server: TestDatabase, start: Start, chosen: readonly Change[]) {
  await using facility = await facilityWith(server, start, chosen);
  return await judge(facility);
}

/** The fewest of these changes that still have a fault. */
async function shrunk(server: TestDatabase, start: Start, chosen: readonly Change[]): Promise<readonly Change[]> {
  for (const change of chosen.length > 1 ? chosen : []) {
    const fewer = chosen.filter((each) => each !== change);
    if ((await judged(server, start, fewer)).faults.length > 0) return await shrunk(server, start, fewer);
  }
  return chosen;
}

function chosenFrom<T>(list: readonly T[], random: Random): T {
  const chosen = list[random.whole(0, list.length - 1)];
  if (chosen === undefined) throw new Error("an empty list");
  return chosen;
}
