/** What is printed as a hint is what a shell and the program take. */
import { spawnSync } from "node:child_process";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { parse } from "../../src/cli/parse-arguments.ts";
import { type Caller, completed, installed, programName } from "../../src/documents/caller.ts";
import { formatHint } from "../../src/documents/format-hint.ts";
import { type Hint, hint, withNote, withOptions } from "../../src/hint.ts";
import { option, optionNames, takes } from "../../src/options.ts";
import { shellWords } from "../support/shell-words.ts";

/** What the program reads in a hint. */
function readBack(printed: Hint, split: (line: string) => string[] = shellWords) {
  const [program = "", ...args] = split(formatHint(printed, installed));
  expect(program).toBe("ispyb-migrate");
  const invocation = parse(args, program, new PassThrough());
  if (typeof invocation === "string") throw new Error("the hint asks for help");
  const given = [...invocation.flags].map(([name, { value }]) => [name, value]);
  return { command: invocation.command.name, args: invocation.args, options: Object.fromEntries(given) as unknown };
}

/** The same as it was meant: the values of an option that is repeated come joined. */
function meant({ args, command, options }: Hint) {
  const given = Object.entries(options).map(([name, value]) => [
    name,
    value === true ? true : [value].flat().join(","),
  ]);
  return { command, args, options: Object.fromEntries(given) as unknown };
}

describe.each(commands)("$name", (command) => {
  const args = command.argument === undefined ? [] : [command.argument.choices?.[0] ?? "NAME"];

  test("every option that it takes", () => {
    const values = optionNames
      .filter((name) => takes(command.name, name))
      .map((name) => {
        const { value, choices, repeatable } = option(name);
        const text = choices?.[0] ?? "it's $HOME; 5 %";
        return [name, value === undefined ? true : repeatable === true ? ["a=1", "b=2"] : text] as const;
      });
    const whole = { command: command.name, args, options: Object.fromEntries(values) as Hint["options"] };
    expect(readBack(whole)).toEqual(meant(whole));
  });

  test("its example", () => {
    expect(readBack(command.example.hint)).toEqual(meant(command.example.hint));
  });

  test("options of a connection if it needs a database", () => {
    expect(takes(command.name, "url")).toBe(command.needs === "database");
  });

  test("none that it does not take", () => {
    for (const name of optionNames.filter((each) => !takes(command.name, each))) {
      const { value } = option(name);
      const wrong = { command: command.name, args, options: { [name]: value === undefined ? true : "x" } };
      expect(() => readBack(wrong, (line) => line.split(" ")), name).toThrow(`option '--${name}`);
    }
  });
});

test("the compiler knows which command takes which option", () => {
  // @ts-expect-error: it is `up` that repairs
  expect(() => readBack(hint("down", { options: { repair: true } }))).toThrow("--repair");
  // @ts-expect-error: there is no such option
  expect(() => hint("up", { options: { force: true } })).not.toThrow();
  // @ts-expect-error: it takes a name
  expect(() => readBack(hint("up", { options: { to: true } }))).toThrow("--to");
});

test("what is undefined or false is left out", () => {
  expect(hint("up", { options: { to: undefined, repair: false, yes: true } })).toEqual({
    command: "up",
    args: [],
    options: { yes: true },
  });
});

test("the program is called as it was started", () => {
  expect(programName({})).toBe("ispyb-migrate");
  expect(programName({ ISPYB_PROGRAM: "scripts/ispyb-migrate" })).toBe("scripts/ispyb-migrate");
  expect(formatHint(hint("plan"), { program: "scripts/ispyb-migrate" })).toBe("scripts/ispyb-migrate plan");
  expect(formatHint(hint("plan"), { program: "/a b/ispyb-migrate" })).toBe("'/a b/ispyb-migrate' plan");
});

test("a checkout's own script is called as it was typed", () => {
  const cwd = new URL("../../", import.meta.url);
  for (const program of ["scripts/ispyb-migrate", "./scripts/../scripts/ispyb-migrate"]) {
    const { status, stderr } = spawnSync(program, ["down", "--to"], { cwd, encoding: "utf8" });
    expect([status, stderr]).toEqual([64, expect.stringContaining(`next    ${program} down --help\n`)]);
  }
});

test("options and a note stand behind the command, a text in quotes", () => {
  const skipping = hint("up", { options: { skip: "procedures", reason: "WHY" } });
  expect(formatHint(skipping, installed)).toBe('ispyb-migrate up --skip procedures --reason "WHY"');
  const retry = withNote(
    withOptions(hint("down", { options: { to: "x" } }), { "allow-data-loss": true }),
    "saves them",
  );
  expect(formatHint(retry, installed)).toBe("ispyb-migrate down --to x --allow-data-loss   # saves them");
  expect(formatHint(hint("seed", { args: ["own story"], options: { use: ["a=1", "b=2"] } }), installed)).toBe(
    "ispyb-migrate seed 'own story' --use a=1 --use b=2",
  );
});

describe("the options of the caller", () => {
  const caller: Caller = {
    ...installed,
    options: { url: "mysql://migrator@db1:3306/ispyb", "create-roles": true, "save-to": "saved rows" },
  };

  test("are repeated where the command takes them", () => {
    expect(formatHint(hint("up", { note: "continues" }), caller)).toBe(
      "ispyb-migrate up --url mysql://migrator@db1:3306/ispyb --create-roles   # continues",
    );
    expect(formatHint(hint("down", { options: { last: "1" } }), caller)).toBe(
      "ispyb-migrate down --last 1 --url mysql://migrator@db1:3306/ispyb --save-to 'saved rows'",
    );
    expect(formatHint(hint("create", { args: ["x"] }), caller)).toBe("ispyb-migrate create x");
  });

  test("do not replace those of the hint", () => {
    expect(completed(hint("down", { options: { "save-to": "elsewhere" } }), caller).options).toMatchObject({
      "save-to": "elsewhere",
    });
  });

  test("are not mixed with another server", () => {
    const elsewhere = hint("up", { options: { url: "mysql://root@db2/other" } });
    expect(completed(elsewhere, caller).options).toEqual({ url: "mysql://root@db2/other", "create-roles": true });
  });

  test("keep their server, but not their database, for a hint that names a database", () => {
    const other = hint("up", { options: { database: "other" } });
    const own = { database: "other", "create-roles": true };
    expect(completed(other, caller).options).toEqual({ ...own, url: "mysql://migrator@db1:3306" });
    const local = { ...installed, options: { socket: "/run/s", database: "ispyb" } };
    expect(completed(other, local).options).toEqual({ socket: "/run/s", database: "other" });
    const onServer = { ...installed, options: { url: "mysql://root@[::1]:3306" } };
    expect(completed(other, onServer).options).toEqual({ url: "mysql://root@[::1]:3306", database: "other" });
  });

  test("help needs none", () => {
    const help = hint("seed", { args: ["--help"] });
    expect(completed(help, caller)).toEqual(help);
  });
});
