/** Stories inside the test's process. */
import { expect } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { type GenerateOptions, type GenerateResult, generate } from "../../src/seed/generate/generate.ts";
import { type RemoveOptions, type RemoveResult, removeStories } from "../../src/seed/remove.ts";
import { type SeedOptions, type SeedResult, seed } from "../../src/seed/seed.ts";
import { parseStory } from "../../src/seed/story/parse.ts";
import { readOwnStory } from "../../src/seed/story/source.ts";
import { type Lane, type TestDatabase, upgradedDatabase } from "../support/servers.ts";
import { checksums, targetOf } from "../support/upgrade.ts";

/** A moment for all times of a story, so that rows are the same each time. */
export const at = "2026-03-01 12:00:00";

export const never = new AbortController().signal;

export function migrated(lane: Lane, base: "official" | "diamond"): Promise<TestDatabase> {
  return upgradedDatabase(lane, base);
}

/** Stories by their names, or as text under the name `own`. */
export async function sow(
  db: TestDatabase,
  stories: readonly (string | { readonly text: string; readonly name?: string; readonly origin?: string })[],
  asked: Partial<SeedOptions> = {},
): Promise<SeedResult> {
  const sources = await Promise.all(
    stories.map(async (story) =>
      typeof story === "string"
        ? readOwnStory(story)
        : { name: "own", file: "own.yaml", origin: "/somewhere/own.yaml", ...story },
    ),
  );
  return seed({
    connect: (role) => connect(targetOf(db), role),
    migrations: await loadMigrations(),
    stories: await Promise.all(sources.map(parseStory)),
    uses: new Map(),
    at,
    signals: { stop: never, kill: never },
    progress: () => {},
    confirm: async () => {},
    ...asked,
  });
}

export function uproot(
  db: TestDatabase,
  stories: readonly string[],
  asked: Partial<RemoveOptions> = {},
): Promise<RemoveResult> {
  return removeStories({
    connect: (role) => connect(targetOf(db), role),
    stories,
    signals: { stop: never, kill: never },
    progress: () => {},
    confirm: async () => {},
    ...asked,
  });
}

/** Six thousand generated jobs, or what is asked for. */
export async function grow(db: TestDatabase, asked: Partial<GenerateOptions> = {}): Promise<GenerateResult> {
  return generate(await growing(db, asked));
}

export async function growing(db: TestDatabase, asked: Partial<GenerateOptions>): Promise<GenerateOptions> {
  return {
    connect: (role) => connect(targetOf(db), role),
    migrations: await loadMigrations(),
    jobs: 6_000,
    randomSeed: 7,
    at,
    signals: { stop: never, kill: never },
    progress: () => {},
    confirm: async () => {},
    ...asked,
  };
}

/** The rows of every table that is in `before`, but for those that `leaving` matches, are as they were. */
export async function expectUnchanged(
  db: TestDatabase,
  before: Readonly<Record<string, unknown>>,
  leaving: RegExp = /^ispyb_migrate_/,
): Promise<void> {
  const compared = Object.keys(before).filter((table) => !leaving.test(table));
  expect(compared).not.toEqual([]);
  const after = await checksums(db);
  for (const table of compared) expect(after[table], table).toEqual(before[table]);
}

/** The id of a row by its label. */
export function idOf(result: SeedResult, label: string): number {
  const row = result.stories.flatMap(({ rows }) => rows).find((each) => each.label === label);
  if (row?.id === undefined || row.id === null) throw new Error(`no row ${label}`);
  return row.id;
}

/** A small story: what tests edit. */
export const small = `title: Small
persons:
  ada: { familyName: Lovelace, login: seed-small }
proposals:
  proposal: { person: ada, proposalCode: mx, proposalNumber: 95001 }
sessions:
  visit: { proposal: proposal, visit_number: 1, beamLineName: i04 }
dataCollectionGroups:
  group: { session: visit, experimentType: OSC }
dataCollections:
  dc1: { group: group, startImageNumber: 1, numberOfImages: 100, imagePrefix: a }
  dc2: { group: group, startImageNumber: 11, numberOfImages: 100, imagePrefix: b }
jobs:
  job1:
    dataCollection: dc1
    recipe: xia2-dials
    automatic: true
    parameters: { d_min: 1.8, data: [a.expt, b.expt] }
    sweeps:
      - { dataCollection: dc1, startImage: 1, endImage: 50 }
      - { dataCollection: dc2, startImage: 11, endImage: 110 }
    programs:
      run: { processingPrograms: xia2 dials, processingStatus: SUCCESS, processingStartTime: at - 1h }
`;
