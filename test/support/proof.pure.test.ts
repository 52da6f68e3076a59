/** Chance in tests: the same every day in the suite, another one in a proof, and each proof in the table of scripts/prove. */
import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { run } from "../../src/server/process.ts";
import { chance, limit, seed, tries } from "./proof.ts";

const checkout = fileURLToPath(new URL("../../", import.meta.url));
const prove = fileURLToPath(new URL("../../scripts/prove", import.meta.url));

afterEach(() => vi.unstubAllEnvs());

function asked(runs: string, by: string): void {
  vi.stubEnv("ISPYB_PROVE_RUNS", runs);
  vi.stubEnv("ISPYB_PROVE_SEED", by);
}

test("the suite runs a tenth, by a seed that stays", () => {
  asked("", "");
  expect(chance(200)).toEqual({ seed: seed(), numRuns: 20 });
  expect(seed()).toBe(seed());
  expect(tries(5)).toBe(1);
  expect(limit(60)).toEqual({ timeout: 60_000 });
});

test("a proof runs all, or as many as are asked for, by the seed it is given and without a limit", () => {
  asked("", "7");
  expect(chance(200)).toEqual({ seed: 7, numRuns: 200 });
  expect(limit(60)).toEqual({ timeout: 0 });
  asked("3", "7");
  expect(chance(200)).toEqual({ seed: 7, numRuns: 3 });
  asked("many", "7");
  expect(() => tries(200)).toThrow("ISPYB_PROVE_RUNS: many is not a whole number");
});

/** The files of the proof whose cases are a table: all of them, in each run. */
const tables = ["test/preflight/right-server.test.ts", "test/cluster/nodes.test.ts"];
/** Those of the proof that takes every case on every server: see `pointsOf`. */
const shares = ["test/migrate/resume.test.ts", "test/migrate/down-cut-off.test.ts"];

test("scripts/prove lists every test that leaves something to chance, the tables, the shares, and no other file", async () => {
  const table = /^proofs='\n([^']*)'$/m.exec(await readFile(prove, "utf8"))?.[1] ?? "";
  const listed = table.split("\n").flatMap((line) => line.split("|")[1]?.split(" ") ?? []);
  const byChance: string[] = [];
  for await (const file of glob("test/**/*.test.ts", { cwd: checkout })) {
    const text = await readFile(`${checkout}${file}`, "utf8");
    const usesProof = /^import .* from "[^"]*\/support\/proof\.ts";$/m.test(text);
    expect(
      usesProof || !/^import .* from "fast-check";$/m.test(text),
      `${file} uses fast-check without test/support/proof.ts`,
    ).toBe(true);
    if (usesProof) byChance.push(file);
  }
  expect(listed.length).toBeGreaterThan(3);
  expect(listed.toSorted()).toEqual([...byChance, ...tables, ...shares].toSorted());
});

test("scripts/prove says what there is, and refuses what there is not", async () => {
  const all = await run(prove, []);
  expect(all).toMatchObject({ code: 0, output: expect.stringMatching(/^ {2}save +rows .*\n {2}script /m) });
  for (const [words, reason] of [
    [["nothing"], "prove: no proof is called 'nothing'\n"],
    [["save", "--seed"], "prove: --seed takes a number\n"],
    [["save", "--seed", "x"], "prove: --seed takes a whole number of at most nine digits, and not 'x'\n"],
    [["save", "--runs", "0"], "prove: --runs 0 proves nothing\n"],
    [["save", "more"], "prove: unknown argument 'more'\n"],
  ] as const) {
    const refused = await run(prove, words);
    expect(refused.code, reason).toBe(64);
    expect(refused.output).toContain(reason);
    expect(refused.output).toContain("  interrupt  up, interrupted");
  }
});
