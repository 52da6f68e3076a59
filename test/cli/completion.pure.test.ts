import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands, findCommand } from "../../src/cli/commands.ts";
import { options } from "../../src/options.ts";
import { Home, runCli } from "./run-cli.ts";

const everyCommand = commands.map(({ name }) => name);
const shells = findCommand("completion")?.argument?.choices ?? [];

/** What stands behind `ispyb-migrate`, and what is offered for its last word, in a folder of three entries. */
const cases: [line: string, offered: readonly string[]][] = [
  ["", everyCommand],
  ["st", ["status"]],
  ["--ver", ["--verbose", "--version"]],
  ["--database ispyb pl", ["plan"]],
  ["up --al", ["--allow-late", "--allow-stall"]],
  ["up --to 2026_07_02_job_uuid --rep", ["--repair"]],
  ["down --al", ["--allow-data-loss", "--allow-stall"]],
  ["status --ssl-mode ", options["ssl-mode"].choices],
  ["status --ssl-mode=re", ["required"]],
  ["status --ssl-ca s", ["server-ca.pem", "saved"]],
  ["down --save-to s", ["saved"]],
  ["create x --in s", ["saved"]],
  ["down --last ", []],
  ["show --da", ["--data-collection", "--database"]],
  ["show 5 --li", ["--limit"]],
  ["show --status ", options.status.choices],
  ["show --svg s", ["server-ca.pem", "saved"]],
  ["seed multi-s", ["multi-sweep", "multi-sweep-ranges"]],
  ["seed --fi", ["--file"]],
  ["seed --file s", ["server-ca.pem", "saved"]],
  ["create --", ["--json", "--quiet", "--verbose", "--help", "--in", "--version"]],
  ["completion ", shells],
  ["completion f", ["fish"]],
  ["completion fish ba", []],
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ispyb-migrate-completion-"));
  mkdirSync(join(folder, "saved"));
  writeFileSync(join(folder, "server-ca.pem"), "");
  writeFileSync(join(folder, "other"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The file of a shell's script, as the program prints it. */
async function scriptFor(shell: string): Promise<string> {
  const { exit, stdout, stderr } = await runCli(["completion", shell]);
  expect([exit, stderr]).toEqual([0, ""]);
  const file = join(folder, `ispyb-migrate.${shell}`);
  writeFileSync(file, stdout);
  return file;
}

const driver = (name: string) => new URL(`./shells/${name}`, import.meta.url).pathname;

/** What each shell offers at the end of a line, as it prints it. */
const ask: Readonly<Record<string, (script: string, line: string) => Promise<string[]>>> = {
  async bash(script, line) {
    // bash itself parts words at = too.
    const parted = line.split(/\s+|(?<==)|(?==)/);
    return (await run("bash", driver("complete.bash"), script, ...parted)).split("\n");
  },
  async zsh(script, line) {
    const shown = await run("zsh", "-f", driver("complete.zsh"), script, line);
    return [...shown.matchAll(/<(.+?)>/g)].map(([, word]) => word ?? "");
  },
  async fish(script, line) {
    const shown = await run("fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line);
    return shown.split("\n").map((row) => row.split("\t")[0] ?? "");
  },
};

async function run(shell: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: folder, TERM: "dumb" };
  return (await promisify(execFile)(shell, args, { cwd: folder, env })).stdout;
}

/** The words alone: a folder may end in a slash, and a value may carry its flag. */
function words(offered: readonly string[]): string[] {
  const plain = offered.map((word) => word.replace(/\/$/, "").replace(/^--[a-z-]+=/, ""));
  return [...new Set(plain)].filter((word) => word !== "").toSorted();
}

for (const shell of shells) {
  const isThere = spawnSync(shell, ["-c", "exit 0"]).status === 0;
  if (!isThere) console.warn(`skipped: the completion of ${shell}, which is not installed here`);
  describe.skipIf(!isThere)(`${shell} completes`, () => {
    let script = "";
    beforeAll(async () => (script = await scriptFor(shell)));

    test.each(cases)("ispyb-migrate %s", async (line, expected) => {
      const offered = await ask[shell]?.(script, `ispyb-migrate ${line}`);
      expect(words(offered ?? expect.fail(`nothing drives ${shell}`))).toEqual(expected.toSorted());
    });
  });
}

test("bash accepts the script, and TAB completes", async () => {
  const script = await scriptFor("bash");
  expect(await run("bash", "-n", script)).toBe("");
  const shell = promisify(execFile)("bash", ["--norc", "--noprofile", "-i"], { cwd: folder });
  shell.child.stdin?.end(`source ${script}\nscripts/ispyb-migrate stat\t--ssl-m\tverify-c\t\nexit 0\n`);
  expect((await shell).stderr).toContain("scripts/ispyb-migrate status --ssl-mode verify-ca ");
});

test("--json prints the same script in a document", async () => {
  const script = readFileSync(await scriptFor("fish"), "utf8");
  const { exit, stdout } = await runCli(["completion", "fish", "--json"]);
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ schema: 1, command: "completion", ok: true, shell: "fish", script });
});

test("completion works with a wrong option file or environment", async () => {
  using home = new Home();
  home.optionFile("nonsense");
  const environment = { HOME: home.path, ISPYB_MIGRATE_URL: "nonsense" };
  expect(await runCli(["completion", "bash"], environment)).toMatchObject({ exit: 0, stderr: "" });
  expect(await runCli(["status"], environment)).toMatchObject({ exit: 78, stdout: "" });
});

test("an unknown shell", async () => {
  const { exit, stdout, stderr } = await runCli(["completion", "tcsh"]);
  expect([exit, stdout]).toEqual([64, ""]);
  expect(stderr).toMatchInlineSnapshot(`
    "error USAGE: invalid value for SHELL; expected one of bash, zsh, fish
      next    ispyb-migrate completion --help
    "
  `);
});
