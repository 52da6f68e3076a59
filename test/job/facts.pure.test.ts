import { expect, test } from "vitest";
import { formatRun } from "../../src/job/draw/facts.ts";
import type { Program } from "../../src/job/job.ts";

const queued: Program = {
  id: 6,
  name: "MrBUMP",
  status: "queued",
  pipeline: null,
  message: null,
  commandLine: null,
  environment: null,
  started: null,
  ended: null,
  recorded: null,
  messages: [],
  attachments: { count: 0, deleted: 0 },
};
const [recorded, started, ended] = ["2026-11-28 21:05:11", "2026-11-28 21:06:00", "2026-11-28 21:07:00"];

test.each([
  ["not yet", {}],
  ["not yet; recorded 2026-11-28 21:05:11", { recorded }],
  ["since 2026-11-28 21:06:00", { recorded, started, status: "running" }],
  ["2026-11-28 21:06:00 to 2026-11-28 21:07:00", { recorded, started, ended, status: "success" }],
  [
    "recorded 2026-11-28 21:05:11, 2 attachments",
    { recorded, status: "success", attachments: { count: 2, deleted: 0 } },
  ],
  ["", { status: "failed" }],
] as const)("when a program ran: %j", (text, more) => {
  expect(formatRun({ ...queued, ...more })).toBe(text);
});
