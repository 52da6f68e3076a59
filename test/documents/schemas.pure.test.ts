import { readFileSync, readdirSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { commands } from "../../src/cli/commands.ts";
import type { Success } from "../../src/documents/answer.ts";
import { answerSchemas } from "../../src/documents/schemas/answers.ts";
import { exactly } from "../../src/documents/schemas/exactly.ts";
import { assertAnswer, checkedAnswer } from "../support/answers.ts";
import { runInProcess } from "../support/in-process.ts";

const folder = new URL("../../src/documents/schemas/", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".schema.json"))
  .map((file) => file.slice(0, -".schema.json".length));
const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.schema.json`, folder), "utf8")) as object;

test("every command has a published schema, and so has a failure without one", () => {
  expect(names.toSorted()).toEqual([...commands.map(({ name }) => name), "failure"].toSorted());
});

describe.each(names)("%s.schema.json", (name) => {
  test("is what the modules beside it say", () => {
    // Where it is not: node scripts/document-schemas.ts && oxfmt src/documents/schemas
    expect(read(name)).toEqual(JSON.parse(JSON.stringify(answerSchemas().get(name))));
  });

  test("is JSON Schema, draft 2020-12", () => {
    const ajv = new Ajv2020({ allowUnionTypes: true });
    expect(read(name)).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema" });
    expect(ajv.validateSchema(read(name)), ajv.errorsText()).toBe(true);
  });

  test("leaves no room for a field that it does not name", () => {
    const objects = objectsIn(read(name)).filter(({ properties }) => properties !== undefined);
    expect(objects.length).toBeGreaterThan(0);
    for (const each of objects) expect(each).toHaveProperty("additionalProperties", false);
  });
});

describe("an answer that is none", () => {
  const answer: Success<"completion"> = { schema: 1, command: "completion", ok: true, shell: "fish", script: "" };
  const error = {
    code: "USAGE",
    message: "no",
    where: null,
    found: [],
    wanted: [],
    done: null,
    next: [],
    hints: [{ command: "status", args: [], options: { json: true, url: "x", skip: ["a", "b"] }, note: null }],
  };
  const failed = { schema: 1, command: null, ok: false, error };

  test("these two are", () => {
    expect(() => assertAnswer(answer)).not.toThrow();
    expect(() => assertAnswer(failed)).not.toThrow();
  });

  test.each<[string, object]>([
    ["an unknown field", { ...answer, more: 1 }],
    ["a field of another type", { ...answer, shell: 1 }],
    ["a field too few", { schema: 1, command: "completion", ok: true, shell: "fish" }],
    ["another version", { ...answer, schema: 2 }],
    ["a failure without an error", { ...answer, ok: false }],
    ["an error without a failure", { ...answer, error }],
    ["an unknown code", { ...failed, error: { ...error, code: "WRONG" } }],
    ["an unknown field of an error", { ...failed, error: { ...error, more: 1 } }],
    ["the document of another command", { ...answer, command: "create" }],
  ])("%s", (_what, wrong) => {
    expect(() => assertAnswer(wrong as typeof answer)).toThrow(/^not an answer of /);
  });

  test("is a failure of every test that runs the command line", async () => {
    const ended = await runInProcess(["completion", "fish", "--json"]);
    const wrong = { ...ended, stdout: ended.stdout.replace('"shell"', '"shall"') };
    expect(() => checkedAnswer(["completion", "fish", "--json"], {}, wrong)).toThrow("shall");
    expect(() => checkedAnswer(["completion", "fish"], { ISPYB_MIGRATE_JSON: "1" }, wrong)).toThrow("shall");
    expect(() => checkedAnswer(["completion", "fish", "--json"], {}, { exit: 0, stdout: "" })).toThrow();
    expect(() => checkedAnswer(["completion", "fish", "--json"], {}, { ...ended, exit: 2 })).toThrow("exit code 2");
    expect(checkedAnswer(["completion", "fish", "--json"], {}, ended)).toBe(ended);
  });
});

test("the compiler compares types and schemas", () => {
  interface Shape {
    readonly a: string;
    readonly list: readonly number[];
    readonly more?: "x" | "y";
  }
  const a = z.string();
  const list = z.array(z.number());
  const more = z.exactOptional(z.enum(["x", "y"]));
  exactly<Shape>()(z.strictObject({ a, list, more }));
  // @ts-expect-error A field too few.
  exactly<Shape>()(z.strictObject({ a, list }));
  // @ts-expect-error A field too many.
  exactly<Shape>()(z.strictObject({ a, list, more, other: a }));
  // @ts-expect-error A value too few.
  exactly<Shape>()(z.strictObject({ a, list, more: z.exactOptional(z.literal("x")) }));
  // @ts-expect-error A value too many.
  exactly<Shape>()(z.strictObject({ a: a.nullable(), list, more }));
  // @ts-expect-error A field that may be left out, and has to be there.
  exactly<Shape>()(z.strictObject({ a, list, more: z.enum(["x", "y"]) }));
});

// --- internal ---

interface SchemaObject {
  readonly properties?: object;
}

function objectsIn(value: unknown): SchemaObject[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}
