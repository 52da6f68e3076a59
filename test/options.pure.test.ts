import { expect, test } from "vitest";
import { MigrateError } from "../src/errors.ts";
import { type Layer, environmentLayer, environmentName, resolveOptions } from "../src/option-layers.ts";
import { option, optionNames, takes } from "../src/options.ts";
import { Problems } from "../src/problems.ts";

const layer = (from: string, values: Record<string, string | true>): Layer =>
  new Map(Object.entries(values).map(([name, value]) => [name, { value, from: `${from}${name}` }]));

function thrownBy(problems: Problems): MigrateError {
  try {
    problems.throwAny();
  } catch (error) {
    if (error instanceof MigrateError) return error;
    throw error;
  }
  return expect.fail("no problem was found");
}

test("a flag wins over the environment, and that over the option file", () => {
  const problems = new Problems();
  const flags = layer("--", { "ssl-ca": "flag" });
  const environment = environmentLayer(
    { ISPYB_MIGRATE_SSL_CA: "environment", ISPYB_MIGRATE_DATABASE: "environment" },
    problems,
  );
  const file = layer("my.cnf:", { "ssl-ca": "file", database: "file", socket: "file" });
  const resolved = resolveOptions([flags, environment, file], problems);
  expect([resolved["ssl-ca"], resolved.database, resolved.socket, resolved.url]).toEqual([
    "flag",
    "environment",
    "file",
    undefined,
  ]);
  problems.throwAny();
});

test.each([
  ["1", true],
  ["true", true],
  ["YES", true],
  ["on", true],
  ["0", false],
  ["off", false],
])("ISPYB_MIGRATE_YES=%s", (value, expected) => {
  const problems = new Problems();
  expect(resolveOptions([environmentLayer({ ISPYB_MIGRATE_YES: value }, problems)], problems).yes).toBe(expected);
  problems.throwAny();
});

test("an empty variable says nothing, and MYSQL_PWD is the password", () => {
  const problems = new Problems();
  const environment = environmentLayer({ ISPYB_MIGRATE_URL: "", MYSQL_PWD: "" }, problems);
  expect(Object.fromEntries(environment)).toEqual({ password: { value: "", from: "MYSQL_PWD" } });
});

test("a switch that is neither on nor off is a problem", () => {
  const problems = new Problems();
  resolveOptions([environmentLayer({ ISPYB_MIGRATE_YES: "perhaps" }, problems)], problems);
  expect(thrownBy(problems)).toMatchObject({
    code: "CONFIGURATION",
    message: "invalid value for the switch ISPYB_MIGRATE_YES",
  });
});

test("a variable of ours that is no option is a problem", () => {
  const problems = new Problems();
  environmentLayer({ ISPYB_MIGRATE_DATABSE: "x" }, problems);
  expect(thrownBy(problems)).toMatchObject({
    code: "CONFIGURATION",
    message: "the environment variable ISPYB_MIGRATE_DATABSE is not an option",
    details: { next: "unset ISPYB_MIGRATE_DATABSE" },
  });
});

test("several problems are reported together, under the code of the first", () => {
  const problems = new Problems();
  problems.add("USAGE", "one", { where: "here", found: ["a", "b"], next: "do this" });
  problems.add("CONFIGURATION", "two", { next: ["do this", "do that"] });
  expect(thrownBy(problems)).toMatchObject({
    code: "USAGE",
    message: "2 problems with the options",
    details: { found: ["1. one (here, a, b)", "2. two"], next: ["1. do this", "2. do this", "   do that"] },
  });
});

test("every option has one environment name, and says what it is", () => {
  expect(new Set(optionNames.map(environmentName)).size).toBe(optionNames.length);
  for (const name of optionNames) expect(option(name).description).not.toBe("");
});

test("plan takes every option of up and down, but for the answer to their question", () => {
  const taken = optionNames.filter((name) => takes("up", name) || takes("down", name));
  expect(taken.filter((name) => !takes("plan", name))).toEqual(["yes"]);
});
