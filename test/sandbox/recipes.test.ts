/** The recipes of src/sandbox/README.md, followed as they are written: outside of the repository, with the packed package. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { pack } from "../../scripts/packed.ts";
import { emptyDataDirectory } from "../../src/server/data-directory.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import { shellWord } from "../../src/shell-word.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { lanes } from "../support/servers.ts";
import { clientProgram } from "../support/stock-client.ts";
import { type Service, githubWorkflow, gitlabFile } from "./ci-files.ts";
import { pythonWith } from "./python.ts";
import { recipesOf } from "./recipe-blocks.ts";
import { type Project, clientFolder, newProject } from "./recipe-project.ts";

/** What npm may take on a busy machine, in milliseconds. */
const SLOW = 300_000;

const readme = readFileSync(new URL("../../src/sandbox/README.md", import.meta.url), "utf8");
const recipes = recipesOf(readme);
const blocks = (title: string) => recipes.get(title) ?? [];
const commands = (title: string) => blocks(title).filter(({ file }) => file === undefined);
const yaml = (title: string): unknown => parse(blocks(title).find(({ language }) => language === "yaml")?.text ?? "");

const report = (line: string) => process.stderr.write(`tests: ${line}\n`);
const isHere = lanes.some(({ name }) => name === "mariadb-10.11");

const folder = await mkdtemp(join(tmpdir(), "ispyb-migrate-recipes-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const drivers = ["pymysql", "mysql.connector"];
const python = await pythonWith(join(folder, "python"), [
  "pytest",
  "pytest-xdist",
  "pymysql",
  "mysql-connector-python",
]);
if ("reason" in python) report(`SKIPPED: recipes with Python: ${python.reason}`);
const programs = "programs" in python ? [python.programs] : [];
const withPython = describe.skipIf(!isHere || "reason" in python);
const client = await clientProgram(report);

let archive = "";
beforeAll(async () => {
  archive = await pack(folder);
  if (!("reason" in client)) programs.push(await clientFolder(join(folder, "client"), client));
}, SLOW);
/** Once for all; the recipes that install it do so again. */
beforeAll(async () => {
  const here = await newProject(await mkdtemp(join(folder, "install-")), given(), false);
  await passes(here, `npm install --global ./${basename(archive)}`);
}, SLOW);

/** What all projects have in common; the archive is packed before the first test. */
const given = () => ({ archive, programs, global: join(folder, "global") });

/** A project of its own. `anew`: no template is in the cache, as on a new machine. */
async function project({ anew = false } = {}): Promise<Project> {
  const own = await mkdtemp(join(folder, "recipe-"));
  onTestFinished(() => rm(own, { recursive: true, force: true }));
  return newProject(own, given(), anew);
}

/** The lines end well. Returns what they printed. */
async function passes(where: Project, lines: string): Promise<string> {
  const { code, output } = await where.shell(lines);
  expect(code, `${lines}\n${output}`).toBe(0);
  return output;
}

test("every recipe of the README has its test here", () => {
  expect([...recipes.keys()]).toEqual([
    "A shell script",
    "pytest",
    "GitHub Actions",
    "GitHub Actions with a service container",
    "GitLab CI",
  ]);
});

describe.skipIf(!isHere || "reason" in client)("a shell script", () => {
  test(
    "passes, and is stopped by its first failure",
    async () => {
      const here = await project();
      await here.write(blocks("A shell script"));
      for (const { text } of commands("A shell script")) await passes(here, text);
      await here.write(blocks("A shell script"), (text) => text.replace("= 2", "= 3"));
      const failed = await here.shell("ispyb-migrate sandbox multi-sweep -- sh -eu test.sh");
      expect(failed).toMatchObject({ code: 1 });
    },
    SLOW,
  );
});

test.runIf("reason" in python && python.answered && everythingIsWanted())("Python is here", () => {
  expect.fail("reason" in python ? python.reason : "");
});

withPython.each(drivers)("pytest with %s", (driver) => {
  const chosen = (text: string) => text.replace("from pymysql import connect", `from ${driver} import connect`);

  test(
    "passes in one process and in four",
    async () => {
      // The README says so of the other driver, in the words that replace the import.
      expect(readme).toContain(`from ${driver} import connect`);
      const here = await project();
      await here.write(blocks("pytest"), chosen);
      const [{ text } = { text: "" }, ...others] = commands("pytest");
      expect(others).toEqual([]);
      const printed = await passes(here, text);
      expect(printed.match(/^=+ 4 passed/gm)).toHaveLength(2);
    },
    SLOW,
  );

  test(
    "fails without the reset",
    async () => {
      const here = await project();
      await here.write(blocks("pytest"), (text) =>
        chosen(text).replace('"CALL ispyb_sandbox.reset(%s)"', '"DO LENGTH(%s)"'),
      );
      const { code, output } = await here.shell("ispyb-migrate sandbox multi-sweep -- pytest");
      expect(output).toMatch(/3 failed, 1 passed/);
      expect(code).toBe(1);
    },
    SLOW,
  );
});

withPython("GitHub Actions", () => {
  test(
    "the steps run one after the other; with the template from the cache none is prepared",
    async () => {
      const { jobs } = githubWorkflow.parse(yaml("GitHub Actions"));
      const here = await project({ anew: true });
      await here.write(blocks("pytest"));
      for (const { steps } of Object.values(jobs)) {
        const lines = steps.flatMap(({ run }) => run ?? []);
        const printed = await passes(here, lines.join("\n"));
        expect(printed).toMatch(/4 passed/);
        expect(printed).toContain("preparing a template");
        await here.shell(`rm -r "$XDG_CACHE_HOME"/ispyb-migrate/template`);
        const again = steps.filter((step) => step.if === undefined).flatMap(({ run }) => run ?? []);
        const cached = await passes(here, again.join("\n"));
        expect(cached).toMatch(/4 passed/);
        expect(cached).not.toContain("preparing a template");
      }
    },
    SLOW,
  );
});

withPython("GitHub Actions with a service container", () => {
  const title = "GitHub Actions with a service container";

  test(
    "the steps run one after the other, on a server with the vendor's own settings; also a second time",
    async () => {
      const { jobs } = githubWorkflow.parse(yaml(title));
      const here = await project();
      await here.write(blocks("pytest"));
      for (const { services = {}, steps } of Object.values(jobs)) {
        await using server = await serverLike(Object.values(services));
        const runs = steps.flatMap(({ env = {}, run }) => (run === undefined ? [] : [{ env, run }]));
        expect(runs.some(({ run }) => run.includes("127.0.0.1:3306"))).toBe(true);
        const lines = runs.map(({ env, run }) => {
          const variables = Object.keys(env).map((name) => `export ${name}=${shellWord(server.secret)}`);
          const inStep = [...variables, run.replace("127.0.0.1:3306", `127.0.0.1:${server.port}`)].join("\n");
          // What a step writes into this file, the next ones have as variables.
          return `(${inStep})\nset -a; . "$GITHUB_ENV"; set +a`;
        });
        const all = ['export GITHUB_ENV="$PWD/github.env"; : > "$GITHUB_ENV"', ...lines].join("\n");
        expect(await passes(here, all)).toMatch(/4 passed/);
        expect(await passes(here, all)).toMatch(/4 passed/);
      }
    },
    SLOW,
  );
});

/** In place of the service container; its root has another password, which is generated. */
async function serverLike([service, ...others]: readonly Service[]) {
  expect(others).toEqual([]);
  expect(service?.ports).toEqual(["3306:3306"]);
  expect(Object.keys(service?.env ?? {})).toEqual(["MARIADB_ROOT_PASSWORD"]);
  const lane = inject("preparedLanes")["mariadb-10.11"];
  if (lane?.kind !== "ready") throw new Error("the lane is not ready");
  const copyOf = await emptyDataDirectory(lane.binary);
  const server = await startPrivateServer(lane.binary, { copyOf, memory: true, settings: [] });
  const { password, port } = server;
  return { port, secret: password, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe.skipIf(!isHere || "reason" in client)("GitLab CI", () => {
  test(
    "the lines run one after the other, also when the template is in the cache",
    async () => {
      const here = await project({ anew: true });
      await here.write(blocks("A shell script"));
      await here.shell(`echo '{"scripts": {"test": "sh -eu test.sh"}}' > package.json`);
      for (const { before_script: before = [], script } of Object.values(gitlabFile.parse(yaml("GitLab CI")))) {
        const lines = [...before, ...script].join("\n");
        expect(await passes(here, lines)).toContain("preparing a template");
        await here.shell(`rm -r "$XDG_CACHE_HOME"/ispyb-migrate/template`);
        expect(await passes(here, lines)).not.toContain("preparing a template");
      }
    },
    SLOW,
  );
});
