/** What no story is: each with its place and its words, before any server is asked. */
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseStory } from "../../src/seed/story/parse.ts";
import { ownStoryNames } from "../../src/seed/story/own-stories.ts";
import { readOwnStory, readStoryFile } from "../../src/seed/story/source.ts";
import { temporaryFolder } from "../support/folder.ts";

async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await parseStory({ name: "own", file: "own.yaml", origin: "/somewhere/own.yaml", text });
  return problems.map(({ line, column, text: what }) => `${line}:${column} ${what}`);
}

/** A bomb of aliases: nine to the power of eight, were they followed. */
const bomb = ["title: x", "a: &a [x,x,x,x,x,x,x,x,x]"];
for (const [at, name] of "bcdefghi".split("").entries()) {
  bomb.push(`${name}: &${name} [${Array<string>(9).fill(`*${"abcdefghi"[at]}`).join(",")}]`);
}

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ["an unknown member", "title: x\nabuot: y\n", ["2:1 'abuot' is not allowed in a story; did you mean about?"]],
  [
    "an unknown column",
    "title: x\njobs:\n  j: { dataCollection: d, displayNam: y }\n",
    ["3:27 'displayNam' is not allowed in a job; did you mean displayName?"],
  ],
  ["no title", "about: x\n", ["1:1 a story needs title"]],
  [
    "a wrong type",
    "title: x\nsessions:\n  v: { proposal: p, visit_number: many }\n",
    ['3:35 visit_number is "many"; expected a number'],
  ],
  [
    "a fraction of an image",
    "title: x\ndataCollections:\n  d: { group: g, numberOfImages: 1.5 }\n",
    ["3:34 numberOfImages is 1.5; expected a whole number"],
  ],
  [
    "a text for yes",
    'title: x\njobs:\n  j: { dataCollection: d, automatic: "yes" }\n',
    ['3:38 automatic is "yes"; expected true or false'],
  ],
  ["a row that is none", "title: x\nsamples:\n  s: 5\n", ["3:6 s is 5; expected a mapping"]],
  ["a row that is empty", "title: x\nsamples:\n  s:\n", ["3:5 s is empty; expected a mapping"]],
  [
    "a status that is none",
    "title: x\njobs:\n  j: { dataCollection: d, programs: { p: { processingStatus: SUCESS } } }\n",
    ['3:62 processingStatus is "SUCESS"; expected one of RUNNING, SUCCESS, FAILED; did you mean SUCCESS?'],
  ],
  [
    "a sweep without data collection",
    "title: x\njobs:\n  j:\n    dataCollection: d\n    sweeps:\n      - { startImage: 1, endImage: 2 }\n",
    ["6:9 a sweep needs dataCollection"],
  ],
  [
    "a parameter that is none",
    "title: x\njobs:\n  j: { dataCollection: d, parameters: { scaling_id: { id: s } } }\n",
    ["3:53 scaling_id is a mapping; expected text, a number, true, false or { idOf: LABEL }"],
  ],
  [
    "a time that is none",
    "title: x\nsessions:\n  v: { proposal: p, startDate: yesterday }\n",
    [
      '3:32 startDate is "yesterday": a time is `at`, `at - 2h 30min`, `at + 1d` (d, h, min, s) or `2026-01-31 18:30:00`, by the server\'s clock, without a zone',
    ],
  ],
  [
    "a label that is none",
    "title: x\nsamples:\n  1st: {}\n",
    ['3:3 "1st": a label is a letter, then letters, digits, _ or - (at most 60 characters)'],
  ],
  ["a label twice", "title: x\nsamples:\n  a: {}\n  b: {}\n  a: {}\n", ["5:3 a is given twice; first in line 3"]],
  [
    "two problems, in the order of the file",
    "title: 5\nsamples:\n  s: { nam: x }\n",
    ["1:8 title is 5; expected text", "3:8 'nam' is not allowed in a sample; did you mean name?"],
  ],
  ["a list", "- a\n- b\n", ["1:1 the story is a list; expected a mapping"]],
  ["an empty file", "", ["1:1 the story is empty; expected a mapping"]],
  ["no YAML", "title: 'x\n", ["2:1 this is not YAML: Missing closing 'quote"]],
  [
    "two documents",
    "title: x\n---\ntitle: y\n",
    ["2:1 this is not YAML: Source contains multiple documents; please use YAML.parseAllDocuments()"],
  ],
  [
    "an alias to nothing",
    "title: *x\n",
    ["1:1 its aliases (*name) cannot be resolved: Unresolved alias (the anchor must be set before the alias): x"],
  ],
  [
    "a bomb of aliases",
    bomb.join("\n"),
    ["1:1 its aliases (*name) cannot be resolved: Excessive alias count indicates a resource exhaustion attack"],
  ],
  ["an alias within itself", "title: x\nsamples: &x { a: *x }\n", ["2:18 'a' is not allowed in a sample"]],
  ...["[", "{a: ", "- ", "? "].map(
    (word) =>
      [
        `${word} within one another`,
        word.repeat(100_000),
        [expect.stringMatching(/^1:\d+ this is not a story: lists and mappings are nested more than 50 levels deep$/)],
      ] as const,
  ),
];

describe("a file that is not a story", () => {
  test.each(cases)("%s", async (_, text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });

  test("a file of 50 MB is not read, nor one that has no end or is no text", async () => {
    await using folder = await temporaryFolder();
    const big = join(folder.path, "big.yaml");
    await writeFile(big, "");
    await truncate(big, 50_000_000);
    const latin = join(folder.path, "latin.yaml");
    for (const misnamed of ["remove.yaml", "a b.yaml"]) await writeFile(join(folder.path, misnamed), "title: x\n");
    await writeFile(latin, Buffer.from("title: \u00c5", "latin1"));
    const refusals: readonly (readonly [string, string])[] = [
      [big, "this file is too large for a story"],
      ["/dev/zero", "a story must be a regular file"],
      [folder.path, "a story must be a regular file"],
      [latin, "a story must be UTF-8 text"],
      [join(folder.path, "nowhere.yaml"), "the story cannot be read"],
      [join(folder.path, "multi-sweep.yaml"), "the story cannot be read"],
      [join(folder.path, "no where.yaml"), "the story cannot be read"],
      [join(folder.path, "remove.yaml"), "a story is named after its file, and this file name is not allowed"],
      [join(folder.path, "a b.yaml"), "a story is named after its file, and this file name is not allowed"],
    ];
    for (const [file, what] of refusals) {
      await expect(readStoryFile(file)).rejects.toMatchObject({ code: "STORY_INVALID", message: what, exit: 64 });
    }
  });

  test("no file of this name, but a story of this project", async () => {
    await expect(readStoryFile("multi-sweep")).rejects.toMatchObject({
      code: "STORY_INVALID",
      message: "the story cannot be read",
      details: {
        found: expect.stringContaining("ENOENT"),
        next: [
          expect.stringMatching(/^ls -l /),
          { command: "seed", args: ["multi-sweep"], note: "or: the story of this project" },
        ],
      },
    });
  });

  test("a name without a story", async () => {
    await expect(readOwnStory("multi-swep")).rejects.toMatchObject({
      code: "USAGE",
      message: "there is no story multi-swep; did you mean multi-sweep?",
    });
  });
});

test("the stories of this project have no problem that is known without a database", async () => {
  for (const name of ownStoryNames()) {
    const story = await parseStory(await readOwnStory(name));
    expect(story.problems).toEqual([]);
    expect(story.title).not.toBe("");
  }
});
