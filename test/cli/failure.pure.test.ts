import { EventEmitter } from "node:events";
import { Readable, Writable } from "node:stream";
import { expect, test } from "vitest";
import { installed } from "../../src/documents/caller.ts";
import { failureStack, failureText, toMigrateError } from "../../src/cli/failure.ts";
import { Report } from "../../src/cli/report.ts";
import { ServerError } from "../../src/db/server-errors.ts";
import { failureDocument } from "../../src/documents/failure.ts";
import { MigrateError } from "../../src/errors.ts";
import { hint } from "../../src/hint.ts";

const plain = (_style: unknown, text: string) => text;
const block = (error: unknown, secrets: string[] = []) =>
  failureText(failureDocument(toMigrateError(error), secrets, installed), plain);

test("a refusal is a block to read from top to bottom", () => {
  const error = new MigrateError("CONFLICT", "something else stands there", {
    where: "table ProcessingJob",
    found: ["id int", "name text"],
    wanted: "processingJobId int",
    done: "nothing was changed",
    next: ["rename it", "or drop it"],
  });
  expect(block(error)).toMatchInlineSnapshot(`
    "error CONFLICT: something else stands there
      where   table ProcessingJob
      found   id int
              name text
      wanted  processingJobId int
      done    nothing was changed
      next    rename it
              or drop it
    "
  `);
});

test("a hint is a line for people, and data for scripts", () => {
  const error = new MigrateError("DRIFT", "gone", {
    next: ["look at it, then", hint("up", { options: { repair: true }, note: "makes it again" })],
  });
  expect(failureDocument(error, [], { program: "scripts/ispyb-migrate" })).toMatchObject({
    next: ["look at it, then", "scripts/ispyb-migrate up --repair   # makes it again"],
    hints: [{ command: "up", args: [], options: { repair: true }, note: "makes it again" }],
  });
});

test("the options of the command line are in the line and in its data; the error itself stays as it is", () => {
  const repairing = hint("up", { options: { repair: true } });
  const error = new MigrateError("DRIFT", "gone", { next: repairing });
  const options = { url: "mysql://migrator@db1:3306/ispyb" };
  expect(failureDocument(error, [], { ...installed, options })).toMatchObject({
    next: ["ispyb-migrate up --repair --url mysql://migrator@db1:3306/ispyb"],
    hints: [{ command: "up", args: [], options: { repair: true, ...options }, note: null }],
  });
  expect(error.details.next).toEqual(hint("up", { options: { repair: true } }));
});

test("a text of several lines stays aligned", () => {
  expect(block(new MigrateError("DRIFT", "gone", { found: "a\nb" }))).toMatchInlineSnapshot(`
    "error DRIFT: gone
      found   a
              b
    "
  `);
});

test.each([
  [1064, "STATEMENT_FAILED"],
  [1205, "LOCK_TIMEOUT"],
  [1213, "LOCK_TIMEOUT"],
  [1836, "SERVER_READ_ONLY"],
  [1142, "MISSING_PRIVILEGE"],
  [2013, "UNREACHABLE"],
])("the server's error %i that no command translated is %s", (code, expected) => {
  const error = toMigrateError(new ServerError({ code, message: "no", statement: "SELECT\n  1" }));
  expect(error).toMatchObject({
    code: expected,
    details: { where: "SELECT 1", found: expect.stringContaining(`error ${code}`) },
  });
});

test("a fault of our own in a hint hides neither code nor message, nor shows a secret", async () => {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written) =>
    new Writable({
      write(text, _encoding, done) {
        written[name] += String(text);
        done();
      },
    });
  const failed = (json: string[]) => {
    const [stdin, stdout, stderr] = [Readable.from([]), stream("stdout"), stream("stderr")];
    const report = new Report("up", json, { cwd: "/", env: {}, stdin, stdout, stderr, signals: new EventEmitter() });
    report.keepSecret("s3cret-word");
    const next = hint("up", { options: { to: 5 as never } });
    return report.failed(new MigrateError("USAGE", "no migration is called s3cret-word", { next }));
  };
  expect(await failed([])).toBe(64);
  expect(written.stderr).toMatch(/^error USAGE: no migration is called \*\*\*\n/);
  expect(written.stderr).toContain("the rest of this error could not be printed");
  expect(await failed(["--json"])).toBe(64);
  expect(JSON.parse(written.stdout)).toMatchObject({ ok: false, error: { code: "USAGE", hints: [] } });
});

test("a fault of our own says so", () => {
  expect(block(new TypeError("x is not a function"))).toMatchInlineSnapshot(`
    "error INTERNAL: x is not a function
      next    run it again with --verbose, and report what it prints
    "
  `);
});

test("no secret is printed, not even in a stack or a cause", () => {
  const cause = new Error("sent geheim-17 to mysql://me:other@db1/x");
  const error = new MigrateError("INTERNAL", "geheim-17", {
    where: "geheim-17",
    found: "geheim-17",
    next: [
      "geheim-17",
      hint("seed", { args: ["geheim-17"], options: { use: ["geheim-17"], at: "geheim-17" }, note: "geheim-17" }),
    ],
    cause,
  });
  const printed = block(error, ["geheim-17"]) + failureStack(error, ["geheim-17"]);
  expect(printed).not.toContain("geheim-17");
  expect(JSON.stringify(failureDocument(error, ["geheim-17"], installed))).not.toContain("geheim-17");
  expect(printed).not.toContain("other");
  expect(printed).toContain("caused by Error: sent *** to mysql://me:***@db1/x");
});
