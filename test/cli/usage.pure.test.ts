import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { commands } from "../../src/cli/commands.ts";
import { option, optionNames } from "../../src/options.ts";
import { Home, runCli } from "./run-cli.ts";
import { startCli } from "./spawn-cli.ts";

const url = "mysql://me@127.0.0.1:1/ispyb";

/** Bad input: nothing on stdout, 64 or 78, and a block that says what to do. */
async function refused(args: readonly string[], environment?: Record<string, string>): Promise<string> {
  const { exit, stdout, stderr } = await runCli(args, environment);
  expect(stdout).toBe("");
  return `${stderr}exit ${exit}`;
}

test.each([
  { asked: [[], ["help"]], means: ["--help"] },
  { asked: [["help", "up"]], means: ["up", "--help"] },
])("$asked is help", async ({ asked, means }) => {
  const help = await runCli(means);
  expect(help).toMatchObject({ exit: 0, stdout: expect.stringContaining("Usage: "), stderr: "" });
  for (const words of asked) expect(await runCli(words)).toEqual(help);
});

describe("a wrong command line", () => {
  test("options, but no command", async () => {
    expect(await refused(["--quiet"])).toMatchInlineSnapshot(`
      "error USAGE: no command given
        wanted  status, plan, up, down, verify, accept, forget, show, seed, sandbox, provision, create, completion
        next    ispyb-migrate --help
      exit 64"
    `);
  });

  test("help of an unknown command", async () => {
    expect(await refused(["help", "stauts"])).toContain("error USAGE: unknown command 'stauts'\n");
  });

  test("an unknown command", async () => {
    expect(await refused(["stauts"])).toMatchInlineSnapshot(`
      "error USAGE: unknown command 'stauts'
        next    did you mean status?
                ispyb-migrate --help
      exit 64"
    `);
  });

  test("an unknown option", async () => {
    expect(await refused(["status", "--databse", "ispyb"])).toMatchInlineSnapshot(`
      "error USAGE: unknown option '--databse'
        next    did you mean --database?
                ispyb-migrate status --help
      exit 64"
    `);
  });

  test("an option of another command", async () => {
    expect(await refused(["status", "--yes"])).toMatchInlineSnapshot(`
      "error USAGE: unknown option '--yes'
        next    ispyb-migrate status --help
      exit 64"
    `);
  });

  test("an option with two different values", async () => {
    const secret = "mysql://me:hunter22@db/ispyb";
    expect(await refused(["status", "--url", secret, "--url", url])).toMatchInlineSnapshot(`
      "error USAGE: --url was given twice, with different values
        next    ispyb-migrate status --help
      exit 64"
    `);
    expect(await refused(["up", "--to", "a", "--yes", "--to", "b"])).toMatchInlineSnapshot(`
      "error USAGE: --to was given twice, with different values
        next    ispyb-migrate up --help
      exit 64"
    `);
    // Twice the same is what a wrapper does, and says nothing new.
    expect(await refused(["status", "--database", "a", "--url", url, "--url", url])).not.toContain("twice");
  });

  test("an option without its value", async () => {
    expect(await refused(["status", "--url"])).toMatchInlineSnapshot(`
      "error USAGE: --url has no value; wanted: --url URL
        next    ispyb-migrate status --help
      exit 64"
    `);
  });

  test("a switch with a value", async () => {
    expect(await refused(["up", "--yes=secret-1"])).toMatchInlineSnapshot(`
      "error USAGE: --yes takes no value
        next    write --yes alone
                ispyb-migrate up --help
      exit 64"
    `);
    expect(await refused(["down", "--repair=1"])).toContain("unknown option '--repair'");
  });

  test("an argument too many", async () => {
    expect(await refused(["status", "ispyb"])).toMatchInlineSnapshot(`
      "error USAGE: too many arguments for 'status'. Expected 0 arguments but got 1
        next    ispyb-migrate status --help
      exit 64"
    `);
  });

  test("an argument too few", async () => {
    expect(await refused(["create"])).toMatchInlineSnapshot(`
      "error USAGE: missing required argument 'NAME'
        next    ispyb-migrate create --help
      exit 64"
    `);
  });

  test("an option of a connection, for a command that needs none", async () => {
    for (const args of [
      ["completion", "bash", "--url", url],
      ["--url", url, "completion", "bash"],
    ]) {
      expect(await refused(args)).toMatchInlineSnapshot(`
        "error USAGE: completion does not use a database, so it has no option '--url'
          next    ispyb-migrate completion --help
        exit 64"
      `);
    }
  });

  test("down without --to and --last, with both, and with an invalid number", async () => {
    expect(await refused(["down", "--url", url])).toMatchInlineSnapshot(`
      "error USAGE: down needs --to NAME or --last N: which migrations should it undo?
        done    nothing was changed
        next    ispyb-migrate down --last N --url mysql://me@127.0.0.1:1/ispyb   # the newest N migrations
                ispyb-migrate down --to NAME --url mysql://me@127.0.0.1:1/ispyb   # or NAME and everything after it; \`status\` lists the names
      exit 64"
    `);
    expect(await refused(["down", "--url", url, "--to", "2026_07_02_job_uuid", "--last", "1"])).toMatchInlineSnapshot(`
      "error USAGE: --to and --last cannot be used together: each says which migrations to undo
        done    nothing was changed
        next    ispyb-migrate down --last N --url mysql://me@127.0.0.1:1/ispyb   # the newest N migrations
                ispyb-migrate down --to NAME --url mysql://me@127.0.0.1:1/ispyb   # or NAME and everything after it; \`status\` lists the names
      exit 64"
    `);
    expect(await refused(["down", "--url", url, "--last", "1.5"])).toMatchInlineSnapshot(`
      "error USAGE: invalid value for --last
        found   1.5
        wanted  a whole number, 1 or more
        done    nothing was changed
        next    ispyb-migrate down --last 1 --url mysql://me@127.0.0.1:1/ispyb
      exit 64"
    `);
    for (const last of ["0", "-1", "", "one", "1e3"]) {
      expect(await refused(["down", "--url", url, `--last=${last}`])).toMatch(/^error USAGE: .*--last.*\n[^]*exit 64$/);
    }
  });

  test("an option without a value is told which one it takes", async () => {
    expect(await refused(["up", "--url", url, "--skip", "grants", "--reason", ""])).toMatchInlineSnapshot(`
      "error USAGE: --reason has no value
        next    give it a value: --reason TEXT
      exit 64"
    `);
    expect(await refused(["up", "--url", url, "--skip", "grants", "--reason", " "])).toMatchInlineSnapshot(`
      "error USAGE: --reason is empty: --skip needs a reason
        done    nothing was changed
        next    ispyb-migrate up --skip NAME --reason "WHY" --url mysql://me@127.0.0.1:1/ispyb   # skips it
                ispyb-migrate up --unskip NAME --url mysql://me@127.0.0.1:1/ispyb   # applies it after all
      exit 64"
    `);
  });

  test("a URL of the environment that is not valid is told how to set it", async () => {
    const { exit, stderr } = await runCli(["status"], { ISPYB_MIGRATE_URL: `${url}?ssl=1` });
    expect(exit).toBe(78);
    expect(stderr).toContain("  next    export ISPYB_MIGRATE_URL=mysql://USER@HOST:3306/DATABASE\n");
  });

  test("an option of a connection, for a command with a server of its own", async () => {
    expect(await refused(["sandbox", "--url", url])).toContain(
      "error USAGE: sandbox starts its own server, so it has no option '--url'\n",
    );
  });

  test("contradicting options are reported together", async () => {
    expect(await refused(["plan", "--url", url, "--socket", "/s", "--database", "other", "--ssl-mode", "some"]))
      .toMatchInlineSnapshot(`
        "error USAGE: 3 problems with the options
          found   1. --ssl-mode: invalid TLS mode; wanted: one of disabled, preferred, required, verify-ca, verify-identity
                  2. --url and --socket both name a server
                  3. --url and --database name different databases (ispyb, other)
          next    1. give --ssl-mode another value, or leave it out
                  2. leave one of them out
                  3. leave one of them out
        exit 64"
      `);
  });

  test("--to and --last may come from the environment and from flags", async () => {
    const { exit, stdout, stderr } = await runCli(["down", "--url", url, "--last", "1"], { ISPYB_MIGRATE_TO: "x" });
    expect([exit, stdout]).toEqual([64, ""]);
    expect(stderr).toContain("--to and --last cannot be used together: each says which migrations to undo");
  });

  test("--json for a command that asks, without --yes", async () => {
    const { exit, stdout, stderr } = await runCli(["up", "--json", "--url", url]);
    expect([exit, stderr]).toEqual([64, ""]);
    expect(stdout).toMatchInlineSnapshot(`
      "{
        "schema": 1,
        "command": "up",
        "ok": false,
        "error": {
          "code": "NO_TERMINAL",
          "message": "up asks before it changes anything, and --json never asks",
          "where": null,
          "found": [],
          "wanted": [],
          "done": "nothing was changed",
          "next": [
            "add --yes, or leave out --json and answer on a terminal"
          ],
          "hints": []
        }
      }
      "
    `);
  });

  test("a missing option file", async () => {
    const told = await refused(["status", "--url", url, "--defaults-file", "nowhere.cnf"]);
    expect(told.replaceAll(process.cwd(), "FOLDER")).toMatchInlineSnapshot(`
      "error CONFIGURATION: the option file cannot be read
        where   FOLDER/nowhere.cnf
        found   ENOENT: no such file or directory, stat 'FOLDER/nowhere.cnf'
        next    ls -l FOLDER/nowhere.cnf
      exit 78"
    `);
  });

  test("a variable that is not an option", async () => {
    expect(await refused(["status", "--url", url], { ISPYB_MIGRATE_DATABSE: "x" })).toMatch(
      /^error CONFIGURATION: .*DATABSE[^]*exit 78$/,
    );
  });
});

describe("no secret is printed", () => {
  test.each([
    [["status", "--url", "mysql://me:geheim-17@db1/ispyb"]],
    [["status", "--url", "mysql://me:ge/heim-17@db1/ispyb"]],
    [["status", "--url=mysql://me:geheim-17@db1/ispyb", "--nonsense"]],
    [["status", "--password", "geheim-17"]],
    [["status", "--password=geheim-17"]],
    [["status", "-pgeheim-17"]],
    [["status", "mysql://me:geheim-17@db1/ispyb"]],
    [["mysql://me:geheim-17@db1/ispyb"]],
    [["status", "geheim-17"]],
  ])("%j", async (args) => {
    for (const more of [[], ["--json"], ["--verbose"]]) {
      const { exit, stdout, stderr } = await runCli([...args, ...more]);
      expect(exit).toBe(64);
      expect(stdout + stderr).not.toContain("heim-17");
    }
  });

  test("not even from a misplaced argument", async () => {
    for (const args of [
      ["completion", "geheim-17"],
      ["completion", "bash", "geheim-17"],
      ["create", "x", "geheim-17"],
    ]) {
      const { exit, stdout, stderr } = await runCli(args);
      expect(exit).toBe(64);
      expect(stdout + stderr).not.toContain("heim-17");
    }
  });

  test("from the environment, the option file or MYSQL_PWD", async () => {
    using home = new Home();
    home.optionFile("[client]\npassword=geheim-17\n");
    const ways = [
      { HOME: home.path },
      { MYSQL_PWD: "geheim-17" },
      { ISPYB_MIGRATE_URL: "mysql://me:geheim-17@127.0.0.1:1/ispyb" },
    ];
    for (const environment of ways) {
      const args = "ISPYB_MIGRATE_URL" in environment ? [] : ["--url", url];
      const { exit, stdout, stderr } = await runCli(["status", ...args, "--verbose"], environment);
      expect(exit).toBe(2);
      expect(stdout + stderr).not.toContain("geheim-17");
      expect(stderr).toMatch(
        /^error UNREACHABLE: no server listens at this address\n {2}where {3}me@127\.0\.0\.1:1\/ispyb\n/,
      );
    }
  });

  test("a password in --url: the error names the other ways", async () => {
    expect(await refused(["status", "--url", "mysql://me:geheim-17@db1/ispyb"])).toMatchInlineSnapshot(`
      "error PASSWORD_IN_URL: a password on the command line is visible in every process list
        where   --url
        next    write it to ~/.my.cnf: [client] password=… (chmod 600)
                or set it in the environment: MYSQL_PWD, or ISPYB_MIGRATE_URL with the whole URL
                or leave it out: in a terminal you are prompted for it
      exit 64"
    `);
  });
});

describe("--json prints one document whatever goes wrong", () => {
  test.each<[string, string[], number, string]>([
    ["usage", ["status", "--json", "--nonsense"], 64, "USAGE"],
    ["no command", ["--json"], 64, "USAGE"],
    ["a password", ["--json", "status", "--url", "mysql://me:p@db1/ispyb"], 64, "PASSWORD_IN_URL"],
    ["the option file", ["status", "--json", "--url", url, "--defaults-file", "nowhere.cnf"], 78, "CONFIGURATION"],
    ["the server", ["status", "--json", "--url", url], 2, "UNREACHABLE"],
  ])("%s", async (_what, args, exit, code) => {
    const ended = await runCli(args);
    expect([ended.exit, ended.stderr]).toEqual([exit, ""]);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      schema: 1,
      command: args.includes("status") ? "status" : null,
      ok: false,
      error: {
        code,
        message: expect.any(String),
        found: expect.any(Array),
        wanted: expect.any(Array),
        next: expect.any(Array),
      },
    });
  });

  test("also if the environment asks for it", async () => {
    const { stdout } = await runCli(["status"], { ISPYB_MIGRATE_JSON: "1", ISPYB_MIGRATE_URL: "nonsense" });
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: "CONFIGURATION" } });
  });
});

describe("help", () => {
  const local = new Set(["sandbox", "create", "completion"]);

  test("names every command", async () => {
    const { exit, stdout, stderr } = await runCli(["--help"]);
    expect([exit, stderr]).toEqual([0, ""]);
    for (const { name } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  test.each(commands.map(({ name }) => name))("of %s names its options and gives an example", async (name) => {
    const { exit, stdout, stderr } = await runCli([name, "--help"]);
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^Example \\(.*\\):\n {2}ispyb-migrate ${name} `, "m"));
    for (const each of optionNames) {
      const { on } = option(each);
      const isIts = typeof on === "string" ? on === "every" || !local.has(name) : on.includes(name);
      expect(stdout.includes(`  --${each} `), each).toBe(isIts);
    }
  });

  test("the version is the package's", async () => {
    const printed = { exit: 0, stdout: `${manifest.version}\n`, stderr: "" };
    expect(printed.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await runCli(["--version"])).toEqual(printed);
    // A process that is asked for nothing else loads nothing else.
    expect(await startCli(["--version"]).ended).toEqual(printed);
  });
});

describe("a process", () => {
  test.each<[number, string[]]>([
    [0, ["--help"]],
    [2, ["status", "--url", url]],
    [64, ["status", "--nonsense"]],
    [78, ["status", "--url", url, "--defaults-file", "nowhere.cnf"]],
  ])("ends with exit code %i, and says the same as one command line among others", async (exit, args) => {
    const ended = await startCli(args).ended;
    expect(ended.exit).toBe(exit);
    expect(ended).toEqual(await runCli(args));
  });
});

describe("colours", () => {
  test("none without a terminal, unless they are requested", async () => {
    const plain = await startCli(["status", "--url", url]).ended;
    const forced = await startCli(["status", "--url", url], { FORCE_COLOR: "1" }).ended;
    expect(plain.stderr).not.toContain("\u001b[");
    expect(forced.stderr).toContain("\u001b[");
  });
});
