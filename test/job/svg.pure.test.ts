import fc from "fast-check";
import { expect, test } from "vitest";
import { installed } from "../../src/documents/caller.ts";
import { formatHint } from "../../src/documents/format-hint.ts";
import { drawSvg as drawSvgWith } from "../../src/job/draw/svg.ts";
import type { Job } from "../../src/job/job.ts";
import { chance } from "../support/proof.ts";
import { dataCollection, exampleJob, faulty, many, one, overlapping, two } from "./example-jobs.ts";
import { faultOf } from "./well-formed.ts";

const drawSvg = (job: Job) => drawSvgWith(job, (hint) => formatHint(hint, installed));

const whole = exampleJob([dataCollection(4)], [[4, 1, 1100]], {
  comments: 'resolution < 2 Å & "better"',
  visit: { proposal: "mx4242", session: 1, title: "Lysozyme", beamline: "i00", people: [{ name: "Ada", role: null }] },
  status: "failed",
  parameters: [{ key: "data", values: Array.from({ length: 9 }, (_, at) => `/data/${at}.expt`) }],
  programs: [
    {
      id: 7,
      name: "xia2 dials",
      status: "failed",
      pipeline: null,
      message: "no spots",
      commandLine: null,
      environment: null,
      started: "2026-02-03 14:01:00",
      ended: null,
      recorded: null,
      messages: [
        { severity: "ERROR", message: "no spots found", description: null, recorded: "2026-02-03 14:02:00" },
        { severity: "INFO", message: "began", description: null, recorded: "2026-02-03 14:01:00" },
      ],
      attachments: { count: 2, deleted: 1 },
    },
  ],
  parents: [
    {
      job: { id: 1, name: null, recipe: "fast_dp" },
      programs: [{ id: 2, name: "fast_dp", status: "success" }],
      links: ["scaling_id 3"],
    },
    { job: null, programs: [], links: ["program_id 99"] },
  ],
});

test.each(Object.entries({ one, two, overlapping, faulty, "40": many(40), "5000": many(5000), whole }))(
  "%s is well-formed and stands alone",
  (_name, job) => {
    const svg = drawSvg(job);
    expect(faultOf(svg)).toBeUndefined();
    // No font, picture or script of elsewhere: the one address is the namespace.
    expect(svg.match(/[a-z]+:\/\/\S+?(?=")/g)).toEqual(["http://www.w3.org/2000/svg"]);
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
  },
);

test("two data collections", () => expect(drawSvg(two)).toMatchSnapshot());

test("the description for screen readers", () => {
  const svg = drawSvg(two);
  expect(svg).toContain('role="img" aria-labelledby="job-5-title job-5-desc"');
  expect(svg).toContain('<title id="job-5-title">job 5: xia2 DIALS</title>');
  expect(svg).toContain(
    "data collection 4 has images 1 to 1100; selected: all; data collection 3 has images 1 to 1100; selected: all.</desc>",
  );
});

test("bars are to scale within their data collection", () => {
  const svg = drawSvg(overlapping);
  const [track] = numbersOf(svg, "track");
  const [first, , third] = [...numbersOf(svg, "once")];
  expect(first).toEqual({ x: track?.x, width: expect.closeTo(((track?.width ?? 0) * 249) / 1100, 1) });
  expect(third?.x).toBeCloseTo((track?.x ?? 0) + ((track?.width ?? 0) * 899) / 1100, 1);
  expect(svg).toContain("<title>images 250–300, 2 times</title>");
});

test.each([
  [
    "two ranges that overlap",
    [
      [1, 2000],
      [1801, 3600],
    ],
    ["selected", "selected more than once"],
  ],
  [
    "two ranges that touch",
    [
      [1, 1800],
      [1801, 3600],
    ],
    ["selected"],
  ],
  [
    "the same range twice",
    [
      [1, 3600],
      [1, 3600],
    ],
    ["selected more than once"],
  ],
  [
    "two ranges with a gap",
    [
      [1, 1800],
      [1802, 3600],
    ],
    ["selected", "not selected"],
  ],
  ["a range beyond the last image", [[1, 3700]], ["selected", "outside its images"]],
  ["a range that is nowhere", [[4000, 4100]], ["not selected", "outside its images"]],
] as const)("the legend names what occurs: %s", (_name, ranges, expected) => {
  const job = exampleJob(
    [dataCollection(3, 3600)],
    ranges.map(([start, end]) => [3, start, end] as const),
  );
  const words = [
    "selected",
    "not selected",
    "selected more than once",
    "number of images unknown",
    "outside its images",
  ];
  const texts = new Set([...drawSvg(job).matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text));
  expect(words.filter((each) => texts.has(each))).toEqual(expected);
});

test("all of a job is in it as text, and what is left out is counted", () => {
  const texts = [...drawSvg(whole).matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(texts).toEqual(
    expect.arrayContaining([
      "job 5: xia2 DIALS",
      "resolution &lt; 2 Å &amp; &quot;better&quot;",
      "mx4242-1 on i00, Lysozyme",
      "/data/0.expt",
      "and 3 more values",
      "program 7, xia2 dials: since 2026-02-03 14:01:00, 2 attachments (1 deleted)",
      "ERROR no spots found (and 1 more message)",
      "job 1, fast_dp: program 2, fast_dp, success (scaling_id 3)",
      "no such row: program_id 99",
    ]),
  );
  // A report goes from hand to hand.
  expect(texts.join("\n")).not.toContain("Ada");
});

test("40 are all drawn; of 5,000 it is said", () => {
  const rows = (job: Job) => drawSvg(job).match(/class="track" x[^>]*height="14"/g)?.length;
  expect(rows(many(40))).toBe(40);
  expect(rows(many(5000))).toBe(100);
  expect(drawSvg(many(5000))).toContain(
    "100 of 5,000 data collections drawn; `ispyb-migrate show 5 --json` has every sweep",
  );
});

test("any text in the database", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("<", "&", '"', "\0", "\uD800", "\uFFFE") }),
  );
  fc.assert(
    fc.property(text, (name) => {
      const job = exampleJob([{ ...dataCollection(4), sample: { id: 2, name } }], [[4, 1, 1]], {
        displayName: name,
        recipe: name,
        comments: name,
        parameters: [{ key: name, values: [name, null] }],
      });
      expect(faultOf(drawSvg(job))).toBeUndefined();
    }),
    chance(1_000),
  );
});

function numbersOf(svg: string, style: string): { x: number; width: number }[] {
  const rects = svg.matchAll(
    new RegExp(`<rect class="${style}" x="([\\d.]+)" y="[\\d.]+" width="([\\d.]+)" height="14"`, "g"),
  );
  return [...rects].map(([, x, width]) => ({ x: Number(x), width: Number(width) }));
}
