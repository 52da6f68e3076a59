import { expect, test } from "vitest";
import type { Description } from "../../src/sandbox/description.ts";
import { overdue } from "../../src/sandbox/prune-kept.ts";

const HOUR = 3600 * 1000;
const now = Date.parse("2026-01-10T00:00:00Z");

const account = { user: "root", password: "", url: "" };

function sandbox(hours: number, kept?: readonly string[]): Description {
  return {
    id: `${hours}h`,
    server: "mariadbd",
    host: "127.0.0.1",
    port: 3306,
    databases: [{ ...account, name: "ispyb_1" }],
    admin: account,
    started: new Date(now - hours * HOUR).toISOString(),
    folder: "",
    ...(kept === undefined ? {} : { kept }),
  };
}

const ids = (sandboxes: readonly Description[]) => overdue(sandboxes, now).map(({ id }) => id);

test("kept data go after three days", () => {
  expect(ids([sandbox(73, ["ispyb_kept_1"]), sandbox(71, ["ispyb_kept_1"])])).toEqual(["73h"]);
});

test("the newest three stay", () => {
  expect(ids([5, 4, 3, 2, 1].map((hours) => sandbox(hours, ["ispyb_kept_1"])))).toEqual(["5h", "4h"]);
});

test("a sandbox without kept data is not touched, however old it is", () => {
  expect(ids([sandbox(1000), sandbox(999), sandbox(3), sandbox(2), sandbox(1)])).toEqual([]);
});
