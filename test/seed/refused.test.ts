/** What only a database can refuse, and what only the whole story shows: all of it at once, and no row written. */
import { expect, test } from "vitest";
import type { MigrateError } from "../../src/errors.ts";
import { hint } from "../../src/hint.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { checksums, upgrade } from "../support/upgrade.ts";
import { expectUnchanged, idOf, migrated, small, sow, uproot } from "./seeding.ts";

/** The small story with some of its words changed; each has to be there. */
function edited(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, small);
}

const wrong: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "a label that no row has",
    edited(["group: group, startImageNumber: 1,", "group: gruop, startImageNumber: 1,"]),
    ['11:17 no row has the label "gruop"; did you mean group?'],
  ],
  ["a label of another kind", edited(["session: visit", "session: ada"]), ["9:21 ada is a person; expected a session"]],
  [
    "a label of two kinds",
    edited(["  job1:", "  dc1:"]),
    ["14:3 dc1 is already the label of another row, in dataCollections"],
  ],
  [
    "an image that there is not",
    edited(["startImage: 11, endImage: 110", "startImage: 10, endImage: 111"]),
    ["21:44 startImage is 10; dc2 has the images 11 to 110", "21:58 endImage is 111; dc2 has the images 11 to 110"],
  ],
  [
    "the end before the start",
    edited(["startImage: 1, endImage: 50", "startImage: 51, endImage: 50"]),
    ["20:44 startImage 51 is after endImage 50"],
  ],
  [
    "a value that is too long",
    edited(["xia2-dials", "x".repeat(51)]),
    ["16:13 recipe has 51 characters; this column holds at most 50 (varchar(50))"],
  ],
  [
    "a value that is no enum's",
    edited(["experimentType: OSC", "experimentType: Guess"]),
    [expect.stringMatching(/^9:44 experimentType is "Guess"; this database allows .*OSC/) as string],
  ],
  [
    "a number that is too large",
    edited(["numberOfImages: 100, imagePrefix: a", "numberOfImages: 4294967296, imagePrefix: a"]),
    [
      expect.stringContaining(
        "11:61 numberOfImages is 4294967296; this column holds whole numbers from 0 to 4294967295",
      ) as string,
    ],
  ],
  [
    "characters that the column lacks",
    edited(["automatic: true", 'comments: "5 µm, 漢 Ω 漢"']),
    ['17:15 comments: its character set latin1 cannot store "漢", "Ω"'],
  ],
  [
    "a circle",
    edited(["      run: { ", "      a: { parent: b }\n      b: { parent: c }\n      c: { parent: a }\n      run: { "]),
    ["23:7 these rows refer to each other in a circle: a → b → c → a"],
  ],
  [
    "a program that is its own parent",
    edited(["run: { ", "run: { parent: run, "]),
    ["23:7 these rows refer to each other in a circle: run → run"],
  ],
  [
    "a chain without end",
    edited(["      run: {", `${chain(3_000)}      run: {`]),
    expect.arrayContaining([expect.stringMatching(/p\d+ is part of a chain of more than 1000 rows$/)]) as string[],
  ],
  [
    "a pipeline that there is not",
    edited(["run: { ", "run: { pipeline: xia2/DAILS, "]),
    ['23:24 ProcessingPipeline of this database has no row "xia2/DAILS"; did you mean xia2/DIALS?'],
  ],
  [
    "a day that there is not",
    edited(["beamLineName: i04", "startDate: 2026-02-30"]),
    ['7:60 startDate is "2026-02-30": this date does not exist'],
  ],
  [
    "a time before all times",
    edited(["    recipe: xia2-dials", "    recordTimestamp: 1969-01-01"]),
    ["16:22 recordTimestamp is 1969-01-01 00:00:00; this column holds only times from 1970 to 2038"],
  ],
  [
    "a program that runs from no time on",
    edited(["SUCCESS, processingStartTime: at - 1h", "RUNNING"]),
    ["23:7 run is RUNNING: it needs a processingStartTime"],
  ],
  [
    "a program that ends before it begins",
    edited(["processingStartTime: at - 1h", "processingStartTime: at, processingEndTime: at - 1h"]),
    [expect.stringContaining("run starts at 2026-03-01 12:00:00, after its end at 2026-03-01 11:00:00") as string],
  ],
  [
    "everything at once, in the order of the file",
    edited(
      ["session: visit", "session: ada"],
      ["xia2-dials", "x".repeat(51)],
      ["automatic: true", "automatc: true"],
      ["endImage: 50", "endImage: 101"],
    ),
    [
      "9:21 ada is a person; expected a session",
      "16:13 recipe has 51 characters; this column holds at most 50 (varchar(50))",
      "17:5 'automatc' is not allowed in a job; did you mean automatic?",
      "20:57 endImage is 101; dc1 has the images 1 to 100",
    ],
  ],
];

onEveryServer("a story that is refused", (lane) => {
  for (const base of ["official", "diamond"] as const) {
    test(`${base}: each with its place, and no row written`, async () => {
      await using db = await migrated(lane, base);
      const before = await checksums(db);
      for (const [what, text, found] of wrong) {
        const refusal = sow(db, [{ text }], { confirm: async () => expect.fail(`asked about ${what}`) });
        const error = (await refusal.catch((reason: unknown) => reason)) as MigrateError;
        expect(error, what).toMatchObject({ code: "STORY_INVALID", exit: 64 });
        expect.soft(linesOf(error), what).toEqual(found);
      }
      expect(await checksums(db)).toEqual(before);
    });
  }

  test("without the migrations; and the tool's own tables are not made for it", async () => {
    await using db = await freshDatabase(lane, "official");
    const before = await checksums(db);
    await expect(sow(db, [{ text: small }])).rejects.toMatchObject({
      code: "NOT_MIGRATED",
      details: {
        found: expect.arrayContaining(["2017_10_16_1_processing_job_tables: pending"]),
        next: expect.arrayContaining([hint("up", { note: "creates it" })]),
      },
    });
    await expect(uproot(db, ["own"])).rejects.toMatchObject({ code: "USAGE" });
    expect(await checksums(db)).toEqual(before);
    await upgrade(db);
    expect(Object.keys(await checksums(db)).some((name) => name.endsWith("ispyb_migrate_seed"))).toBe(false);
  });

  test("--use: unknown labels and ids; an existing data collection, with its own images", async () => {
    await using db = await migrated(lane, "official");
    const before = await checksums(db);
    const uses = new Map([
      ["dc9", 1],
      ["job1", 1],
      ["dc2", 999],
    ]);
    await expect(sow(db, [{ text: small }], { uses })).rejects.toMatchObject({
      code: "USAGE",
      details: {
        found: [
          "--use dc9: no row of the story has this label; did you mean dc1?",
          "--use job1: a job cannot be replaced by an existing row",
          "--use dc2=999: DataCollection has no row with id 999",
        ],
      },
    });
    await db.query("UPDATE DataCollection SET numberOfImages = 40 WHERE dataCollectionId = 1");
    await expect(sow(db, [{ text: small }], { uses: new Map([["dc1", 1]]) })).rejects.toMatchObject({
      code: "STORY_INVALID",
      details: { found: ["own.yaml:20:57: endImage is 50; dc1 has the images 1 to 40"] },
    });
    await db.query("UPDATE DataCollection SET numberOfImages = 1100 WHERE dataCollectionId = 1");
    expect(await checksums(db)).toEqual(before);
  });

  test("a duplicate of a unique key: named, nothing written, and --use is offered", async () => {
    await using db = await migrated(lane, "diamond");
    const [{ personId } = { personId: 0 }] = await db.query<{ personId: number }>(
      "SELECT personId FROM Person LIMIT 1",
    );
    await db.query("UPDATE Person SET login = 'seed-small' WHERE personId = ?", [personId]);
    const before = await checksums(db);
    await expect(sow(db, [{ text: small }])).rejects.toMatchObject({
      code: "CONFLICT",
      message: "ada: Person already has a row with the same unique key",
      details: { next: expect.stringContaining("--use ada=ID") },
    });
    await expectUnchanged(db, before, /^ispyb_migrate_lease$/);
    const done = await sow(db, [{ text: small }], { uses: new Map([["ada", personId]]) });
    expect(await db.query("SELECT personId FROM Proposal WHERE proposalId = ?", [idOf(done, "proposal")])).toEqual([
      { personId },
    ]);
  });
});

/** Programs of which each names the one behind it. */
function chain(length: number): string {
  return Array.from(
    { length },
    (_, at) => `      p${at}: { parent: ${at + 1 < length ? `p${at + 1}` : "run"} }\n`,
  ).join("");
}

/** LINE:COLUMN and what is wrong there. */
function linesOf({ details: { found } }: MigrateError): string[] {
  return [found ?? []].flat().map((line) => line.replace(/^own\.yaml:(\d+:\d+):/, "$1"));
}
