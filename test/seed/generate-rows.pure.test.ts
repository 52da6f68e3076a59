/** What follows from a random seed, without a server. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { amountOf, experiments } from "../../src/seed/generate/content/amount.ts";
import { Random } from "../../src/seed/generate/content/random.ts";
import { RowWriter } from "../../src/seed/generate/content/row-writer.ts";
import { writeGround, writeSample } from "../../src/seed/generate/content/samples.ts";
import { type GeneratedValue, perTable, tableNames, tables } from "../../src/seed/generate/content/tables.ts";
import { FORM } from "../../src/seed/generate/generated-jobs.ts";
import { detailsOf, shapesOf } from "../../src/seed/generate/start.ts";

const never = new AbortController().signal;

async function rowsOf(randomSeed: number, jobs: number) {
  const { rows, samples } = await amountOf(shapesOf(randomSeed), jobs, never);
  const first = perTable(() => 1);
  const written: [string, ...GeneratedValue[]][] = [];
  const facts = {
    randomSeed,
    samples,
    at: 1_767_225_600,
    first,
    zone: [{ from: 0, ahead: 3600 }],
    pipelines: new Map(),
  };
  const pen = new RowWriter(facts, detailsOf(randomSeed), { ...first }, (table, cells) =>
    written.push([table, ...cells]),
  );
  writeGround(pen);
  let number = 0;
  for (const experiment of experiments(shapesOf(randomSeed), jobs)) writeSample(pen, number++, experiment);
  return { rows, written };
}

// Whoever changes what follows from a seed raises FORM: a run that an older version has begun must not go on with other rows.
test("the rows of a seed are those of this form", async () => {
  const { written } = await rowsOf(7, 400);
  const digest = createHash("sha256").update(JSON.stringify(written)).digest("hex");
  expect([FORM, digest]).toEqual([2, "53917fd79b691ddd786daec67f48238173e00f0e0f0ac1e417353362c09ac542"]);
});

test("as many rows as were counted, each with a cell for each column, and another seed has others", async () => {
  const { rows, written } = await rowsOf(7, 2_000);
  const counts = Map.groupBy(written, ([table]) => table);
  for (const table of tableNames) {
    expect(counts.get(table)?.length ?? 0, table).toBe(rows[table]);
    for (const [, ...cells] of counts.get(table) ?? []) expect(cells.length, table).toBe(tables[table].length);
  }
  expect((await rowsOf(8, 2_000)).written.slice(20, 400)).not.toEqual(written.slice(20, 400));
});

test("generators of one seed differ, and resume from their state", () => {
  const [a, b] = [Random.of(7, 0), Random.of(7, 1)];
  expect(Array.from({ length: 5 }, () => a.whole(0, 1_000))).not.toEqual(
    Array.from({ length: 5 }, () => b.whole(0, 1_000)),
  );
  const again = Random.at(a.state);
  expect(again.fraction()).toBe(a.fraction());
});

test("counting stops when it is asked to", async () => {
  const stop = new AbortController();
  const counting = amountOf(shapesOf(7), 100_000_000, stop.signal);
  setTimeout(() => stop.abort(new Error("enough")), 20);
  await expect(counting).rejects.toThrow("enough");
});
