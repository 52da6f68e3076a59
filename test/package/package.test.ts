/** What a user gets: the packed archive, installed in an empty folder under the oldest and the newest Node. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { install, pack } from "../../scripts/packed.ts";
import { commands } from "../../src/cli/commands.ts";
import { answerSchemas } from "../../src/documents/schemas/answers.ts";
import { run } from "../../src/server/process.ts";
import { runOn } from "../cli/run-cli.ts";
import { tenMigrations, tenNames } from "../facility/ten-migrations.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { type Lane, type TestDatabase, freshDatabase, lanes } from "../support/servers.ts";
import { consumer } from "./consumer.ts";
import { loadedPackages } from "./loaded-packages.ts";
import { runtimes } from "./nodes.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** What npm may take on a busy machine, in milliseconds. */
const SLOW = 300_000;

const folder = mkdtempSync(join(tmpdir(), "ispyb-migrate-package-"));
let archive = "";
beforeAll(async () => (archive = await pack(folder)), SLOW);
afterAll(() => rmSync(folder, { recursive: true }));

test("holds what is built, the README and the licence, and nothing else", async () => {
  const { stdout } = await run("tar", ["-tzf", archive]);
  const files = stdout.trim().split("\n");
  const wanted =
    /^package\/(?:package\.json|README\.md|LICENSE|dist\/(?:src|migrations|seeds)\/[\w/-]+\.(?:js|d\.ts|sql|yaml|schema\.json)|dist\/migrations\/grants\/roles\.json)$/;
  expect(files.filter((file) => !wanted.test(file) || /\btest/.test(file))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining([
      "package/dist/src/index.d.ts",
      "package/dist/src/cli/main.js",
      // Editors find it by this path: seeds/README.md.
      "package/dist/seeds/story.schema.json",
    ]),
  );
  const { stdout: declarations } = await run("tar", ["-xzOf", archive, "--wildcards", "*.d.ts"]);
  expect(declarations).not.toMatch(/\.ts["']|umzug["']|mysql2["']/);
  const { stdout: content } = await run("tar", ["-xzOf", archive]);
  // A twentieth of it is what a facility's own migrations need. A sixth of it are the rooms that make test databases: scripts read, servers started, templates, provision, the exact reset.
  // A tenth came with what a run on production needs: who holds a lock, who waits, DEFINERs, joined rebuilds, clusters, and
  // a twentieth with plans of the way back, plans by hand, rehearsals and the comparison of nodes.
  expect(content.length).toBeLessThan(1_850_000);
});

test("the program checks Node's version before it imports anything else", async () => {
  const { stdout } = await run("tar", ["-xzOf", archive, "package/dist/src/cli/main.js"]);
  const imported = [...stdout.matchAll(/^import [^;]*? from "([^"]+)";$/gm)].map(([, name]) => name);
  expect(imported).toEqual(["node:module"]);
});

const all = await runtimes();
for (const { name, node } of all) {
  if (typeof node === "string") describe(`under Node ${name}`, () => underNode(node, name));
  else if (everythingIsWanted()) test(`under Node ${name}`, () => expect.fail(node.reason));
  else {
    process.stderr.write(`tests: SKIPPED: the package under Node ${name}: ${node.reason}\n`);
    describe.skip(`under Node ${name}`, () => underNode("", name));
  }
}

function underNode(node: string, version: string): void {
  const place = mkdtempSync(join(folder, "installed-"));
  const main = join(place, "node_modules/ispyb-migrate/dist/src/cli/main.js");
  const environment = { PATH: `${dirname(node)}:${process.env["PATH"]}`, HOME: "/nonexistent" };
  const cli = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run(join(place, "node_modules/.bin/ispyb-migrate"), args, { cwd: place, env: { ...environment, ...env } });
  beforeAll(() => install(place, [archive], node), SLOW);

  test("--help and --version", async () => {
    expect((await run("node", ["--version"], { env: environment })).output).toContain(version);
    expect(await cli(["--version"])).toMatchObject({ code: 0, output: `${manifest.version}\n` });
    const help = await cli(["--help"]);
    expect(help).toMatchObject({ code: 0, output: help.stdout });
    expect(help.stdout).toContain("status");
  });

  test("what an older Node is told", async () => {
    const pretence = `Object.defineProperty(process.versions, "node", { value: "22.11.0" })`;
    const args = ["--import", `data:text/javascript,${pretence}`, main, "--version"];
    const ended = await run(node, args, { env: environment });
    expect(ended).toMatchObject({ code: 78, stdout: "" });
    expect(ended.output).toMatch(/^ispyb-migrate needs Node 22\.12 or newer, but this is v/);
    expect(manifest.engines.node).toBe(">=22.12");
  });

  test("nothing comes along that only development needs", () => {
    // mysql2 wants the types of Node, and we have them for ourselves too.
    const forUs = Object.keys(manifest.devDependencies).filter((dependency) => dependency !== "@types/node");
    expect(forUs.filter((dependency) => existsSync(join(place, "node_modules", dependency)))).toEqual([]);
  });

  test("its types compile, libraries included, and leave no export out", async () => {
    const index = readFileSync(join(place, "node_modules/ispyb-migrate/dist/src/index.d.ts"), "utf8");
    const names = [...index.matchAll(/\{([^}]+)\}/g)].flatMap(([, list = ""]) => list.split(","));
    for (const name of names) expect(consumer).toMatch(new RegExp(`\\b${name.replace("type", "").trim()}\\b`));
    const settings = { module: "nodenext", target: "es2023", strict: true, skipLibCheck: false, types: ["node"] };
    writeFileSync(join(place, "consumer.ts"), consumer);
    writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions: settings, files: ["consumer.ts"] }));
    expect(await run("tsc", ["--project", place])).toMatchObject({ code: 0, output: "" });
  });

  test("the schema of each command's document is found by its name", async () => {
    const names = [...commands.map(({ name }) => name), "failure"];
    const script = `
      import { createRequire } from "node:module";
      import { readFileSync } from "node:fs";
      const { resolve } = createRequire(import.meta.url);
      const read = (name) => JSON.parse(readFileSync(resolve("ispyb-migrate/documents/" + name + ".schema.json"), "utf8"));
      console.log(JSON.stringify(process.argv.slice(1).map((name) => [name, read(name)])));
    `;
    const ended = await run(node, ["--input-type=module", "--eval", script, ...names], {
      cwd: place,
      env: environment,
    });
    expect(ended, ended.output).toMatchObject({ code: 0 });
    const published: unknown = JSON.parse(JSON.stringify([...answerSchemas()]));
    expect(new Map(JSON.parse(ended.stdout) as [string, object][])).toEqual(new Map(published as [string, object][]));
  });

  // The hook that looks on came with a later Node 22 than the oldest.
  test.runIf(node === process.execPath)("programs that import it load nothing of the command line", async () => {
    const program = join(place, "library.mjs");
    const loads = async (name: string) => {
      writeFileSync(program, `import "${name}";\n`);
      const loaded = await loadedPackages(program, [], environment);
      return loaded.filter((each) => each in manifest.dependencies);
    };
    expect(await loads("ispyb-migrate")).toEqual(["fast-string-width", "fastest-levenshtein", "mysql2", "umzug"]);
    expect(await loads("ispyb-migrate/sandbox")).toEqual(["fastest-levenshtein", "mysql2"]);
  });

  describe.skipIf(lanes.length === 0)("on a database", () => {
    // One server is enough: what differs between servers is tested from the source.
    const fresh = () => freshDatabase(lanes[0] as Lane, "official");
    const at = ({ host, port, database, password }: TestDatabase) => ({
      ISPYB_MIGRATE_URL: `mysql://root@${host}:${port}/${database}`,
      MYSQL_PWD: password,
    });

    test("status, up, status, verify", async () => {
      await using db = await fresh();
      expect(await cli(["status"], at(db))).toMatchObject({ code: 1 });
      expect(await cli(["up", "--yes"], at(db))).toMatchObject({ code: 0 });
      expect(await cli(["status"], at(db))).toMatchObject({ code: 0 });
      expect(await cli(["verify"], at(db))).toMatchObject({ code: 0 });
      expect(await cli(["seed", "multi-sweep", "--yes"], at(db))).toMatchObject({ code: 0 });
    });

    test("a facility's own migrations, with nothing beside their files", async () => {
      await using db = await fresh();
      await using own = await tenMigrations();
      const given = ["--migrations", `dls=${own.path}`];
      const plan = await cli(["plan", "--json", ...given], at(db));
      // The oldest Node loads neither: it says so, and .sql files need none.
      const isOldest = node !== process.execPath;
      if (isOldest) {
        expect(plan).toMatchObject({
          code: 78,
          stdout: expect.stringContaining("needs Node 22.18 or newer, but this is v22.12"),
        });
        for (const file of await readdir(own.path))
          if (!/queue(?:\.down)?\.sql$/.test(file)) await rm(join(own.path, file));
      } else
        expect(JSON.parse(plan.stdout)).toEqual(JSON.parse((await runOn(db, ["plan", "--json", ...given])).stdout));
      const up = await cli(["up", "--yes", "--json", ...given], at(db));
      expect(up, up.output).toMatchObject({ code: 0 });
      const { recorded } = JSON.parse(up.stdout) as { recorded: string[] };
      expect(recorded.slice(-1)).toEqual([isOldest ? tenNames[0] : tenNames.at(-1)]);
      for (const command of ["status", "verify"])
        expect(await cli([command, ...given], at(db))).toMatchObject({ code: 0 });
      expect(
        await cli(["down", "--to", tenNames[0] ?? "", "--yes", "--allow-data-loss", ...given], at(db)),
      ).toMatchObject({ code: 0 });
    });

    test("the programmatic interface", async () => {
      await using db = await fresh();
      const env = { HOST: db.host, PORT: String(db.port), DATABASE: db.database, MYSQL_PWD: db.password };
      const ended = await run(node, [join(place, "consumer.js")], { cwd: place, env: { ...environment, ...env } });
      expect(ended, ended.output).toMatchObject({ code: 0 });
      const { recorded, states, ...rest } = JSON.parse(ended.stdout) as { recorded: number; states: string[] };
      expect(states).toEqual(Array<string>(recorded).fill("applied"));
      expect(rest).toMatchObject({
        undone: [expect.any(String)],
        differences: [],
        code: "UNKNOWN_DATABASE",
        exit: 78,
      });
    });

    test.runIf(node === process.execPath)("each command loads the packages that it needs", async () => {
      await using db = await fresh();
      const loads = async (...args: string[]) => {
        const loaded = await loadedPackages(main, args, { ...environment, ...at(db) });
        return loaded.filter((name) => name in manifest.dependencies);
      };
      expect(await loads("--version")).toEqual([]);
      expect(await loads("--help")).toEqual(["commander"]);
      expect(await loads("completion", "bash")).toEqual(["commander"]);
      expect(await loads("seed")).toEqual(["commander", "fast-string-width", "fastest-levenshtein", "yaml", "zod"]);
      expect(await loads("status")).toEqual(["commander", "fast-string-width", "mysql2"]);
      expect(await loads("verify")).toEqual(["commander", "mysql2"]);
      expect(await loads("plan")).toEqual(["commander", "diff", "mysql2", "sql-formatter"]);
    });
  });
}
