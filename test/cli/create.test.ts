import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { nameMigration } from "../../src/cli/new-migration.ts";
import { MigrateError } from "../../src/errors.ts";
import { loadAllMigrations } from "../../src/facility/load.ts";
import { hint } from "../../src/hint.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { type Exited, startProgram } from "./spawn-cli.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const parts = [
  "src",
  "migrations",
  "package.json",
  "scripts/bundle.ts",
  "seeds",
  "tsconfig.json",
  "oxlint.config.ts",
  ".oxfmtrc.json",
];

/** A checkout of its own, in which a test may write. */
class Checkout implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "ispyb-migrate-checkout-"));

  constructor() {
    for (const part of parts) {
      cpSync(join(root, part), join(this.path, part), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(this.path, "node_modules"));
  }

  get migrations(): string {
    return join(this.path, "migrations");
  }

  files(): string[] {
    return readdirSync(this.migrations);
  }

  cli(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Exited> {
    return startProgram(join(this.path, "src/cli/main.ts"), args, environment).ended;
  }

  /** A development tool on all of it, which has to succeed. */
  tool(name: string, ...args: readonly string[]): void {
    const bin = join(root, "node_modules/.bin", name);
    const { status, stdout } = spawnSync(bin, args, { cwd: this.path, encoding: "utf8" });
    expect(status, stdout).toBe(0);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** The new file's name, from the document of `create … --json`. */
async function create(checkout: Checkout, word: string): Promise<string> {
  const { exit, stdout, stderr } = await checkout.cli(["create", word, "--json"]);
  expect([exit, stderr]).toEqual([0, ""]);
  const document = JSON.parse(stdout) as { name: string };
  expect(document).toMatchObject({ schema: 1, command: "create", ok: true });
  return document.name;
}

test("writes a migration that loads, and sorts it last", async () => {
  using checkout = new Checkout();
  const before = checkout.files();
  const name = await create(checkout, "add_job_priority");
  expect(name).toMatch(/^\d{4}_\d{2}_\d{2}_add_job_priority$/);
  expect(checkout.files().toSorted()).toEqual([...before, `${name}.ts`].toSorted());
  const loaded = await loadMigrations(pathToFileURL(`${checkout.migrations}/`));
  expect(loaded.at(-1)).toMatchObject({ name, upstream: [], steps: [{ kind: "addColumn" }] });
});

test("every check accepts the new migration", async () => {
  using checkout = new Checkout();
  await create(checkout, "add_job_priority");
  checkout.tool("tsc", "--noEmit");
  checkout.tool("oxfmt", "--check", "migrations");
  checkout.tool("oxlint", "--type-aware", "--deny-warnings", "migrations");
});

test("prints the next commands", async () => {
  using checkout = new Checkout();
  const { exit, stdout, stderr } = await checkout.cli(["create", "add_job_priority"]);
  expect([exit, stderr]).toEqual([0, ""]);
  const steady = stdout.replace(/\S*\/migrations\/\d{4}_\d{2}_\d{2}/, "migrations/YYYY_MM_DD");
  expect(steady).toMatchInlineSnapshot(`
    "written  migrations/YYYY_MM_DD_add_job_priority.ts
    next     replace the example with the real reason and the real steps
             ispyb-migrate plan   # what it does to a database
             scripts/test   # tests every file in migrations/: resume, undo and the rest
    "
  `);
});

test("needs no database, and no connection options", async () => {
  using checkout = new Checkout();
  const nonsense = { ISPYB_MIGRATE_URL: "nonsense", ISPYB_MIGRATE_SSL_MODE: "some", MYSQL_PWD: "geheim-17" };
  expect(await checkout.cli(["create", "add_x"], nonsense)).toMatchObject({ exit: 0, stderr: "" });
  const { exit, stdout, stderr } = await checkout.cli(["create", "add_y", "--database", "ispyb"]);
  expect([exit, stdout]).toEqual([64, ""]);
  expect(stderr).toMatchInlineSnapshot(`
    "error USAGE: create does not use a database, so it has no option '--database'
      next    ispyb-migrate create --help
    "
  `);
});

test("never overwrites another file", async () => {
  using checkout = new Checkout();
  const first = await create(checkout, "add_x");
  const content = readFileSync(join(checkout.migrations, `${first}.ts`), "utf8");
  const again = await checkout.cli(["create", "add_x"]);
  expect([again.exit, again.stdout]).toEqual([64, ""]);
  expect(again.stderr).toContain(`error USAGE: migration ${first} already exists\n`);
  expect(readFileSync(join(checkout.migrations, `${first}.ts`), "utf8")).toBe(content);
});

test("an invalid name: exit 64, and a better one is suggested", async () => {
  using checkout = new Checkout();
  const before = checkout.files();
  const { exit, stdout, stderr } = await checkout.cli(["create", "2026_11_03_AddJob priority"]);
  expect([exit, stdout]).toEqual([64, ""]);
  expect(stderr).toMatchInlineSnapshot(`
    "error USAGE: invalid name for a migration
      wanted  lower-case letters, digits and underscores, starting with a letter; the date is added in front
      done    nothing was written
      next    ispyb-migrate create add_job_priority
    "
  `);
  expect(await checkout.cli(["create"])).toMatchObject({ exit: 64, stdout: "" });
  expect(checkout.files()).toEqual(before);
});

test("refuses in a built package, except in a folder of one's own", async () => {
  using checkout = new Checkout();
  checkout.tool("node", "scripts/bundle.ts");
  const built = join(checkout.path, "dist/src/cli/main.js");
  const { exit, stdout, stderr } = await startProgram(built, ["create", "add_x"]).ended;
  expect([exit, stdout]).toEqual([64, ""]);
  expect(stderr.replaceAll(checkout.path, "")).toMatchInlineSnapshot(`
    "error USAGE: this is an installed package: its own migrations are written in a source checkout
      where   /dist/migrations/
      done    nothing was written
      next    scripts/ispyb-migrate create NAME   # in a checkout of ispyb-migrate
              ispyb-migrate create NAME --in DIR   # a migration of your own, in a folder of yours
    "
  `);
  expect(readdirSync(join(checkout.path, "dist/migrations")).filter((file) => file.includes("add_x"))).toEqual([]);

  const own = join(checkout.path, "own");
  const written = await startProgram(built, ["create", "add_x", "--in", own, "--json"]).ended;
  expect(written, written.stderr).toMatchObject({ exit: 0 });
  const { name, file } = JSON.parse(written.stdout) as { name: string; file: string };
  expect(file).toBe(join(own, `${name}.ts`));
  expect((await loadAllMigrations([`own=${own}`])).at(-1)).toMatchObject({ name: `own/${name}`, file });
});

describe("the name", () => {
  const today = new Date(2026, 10, 3);

  function refusal(word: string, existing: readonly string[]): MigrateError {
    try {
      return expect.fail(`named ${nameMigration(word, today, existing)}`);
    } catch (error) {
      if (error instanceof MigrateError) return error;
      throw error;
    }
  }

  test.each<[existing: string[], name: string]>([
    [[], "2026_11_03_add_x"],
    [["2026_11_02_zebra", "2017_10_16_1_a"], "2026_11_03_add_x"],
    [["2026_11_03_add_w"], "2026_11_03_add_x"],
    [["2026_11_03_1_zebra"], "2026_11_03_2_add_x"],
    [["2026_11_03_2_b", "2026_11_03_1_c"], "2026_11_03_3_add_x"],
  ])("after %j it is %s", (existing, name) => {
    expect(nameMigration("add_x", today, existing)).toBe(name);
    expect([...existing, name].toSorted().at(-1)).toBe(name);
  });

  test.each([
    ["2026_11_03_add_x", "see migrations/2026_11_03_add_x.ts"],
    [
      "2026_11_03_zebra",
      "mv migrations/2026_11_03_zebra.ts migrations/2026_11_03_1_zebra.ts   # if no database has it yet",
    ],
    ["2026_11_04_a", "date   # if this is not today's date, correct the clock of this machine"],
  ])("there is none after %s", (last, next) => {
    expect(refusal("add_x", [last])).toMatchObject({
      code: "USAGE",
      details: { next: expect.arrayContaining([next]) },
    });
  });

  test.each([
    ["AddX", "add_x"],
    ["add-job-uuid", "add_job_uuid"],
    ["_add__x_", "add_x"],
    ["2026_11_03_2_add_x", "add_x"],
    ["../../etc/passwd", "etc_passwd"],
    ["", "what_it_does"],
    ["ÄÖ", "what_it_does"],
  ])("is not made of %j, but could be of %s", (word, better) => {
    expect(refusal(word, [])).toMatchObject({ code: "USAGE", details: { next: [hint("create", { args: [better] })] } });
  });

  test("is short enough for SchemaStatus", () => {
    expect(nameMigration("x".repeat(89), today, [])).toHaveLength(100);
    expect(refusal("x".repeat(90), [])).toMatchObject({ code: "USAGE" });
  });
});

onEveryServer("a migration that was just created", (lane) => {
  test("can be applied as it is", async () => {
    using checkout = new Checkout();
    const name = await create(checkout, "add_job_priority");
    await using db = await freshDatabase(lane, "official");
    const place = ["--url", `mysql://${db.user}@${db.host}:${db.port}/${db.database}`, "--json"];
    const up = await checkout.cli(["up", "--yes", ...place], { MYSQL_PWD: db.password });
    expect(up.exit, up.stdout).toBe(0);
    expect(JSON.parse(up.stdout)).toMatchObject({ recorded: expect.arrayContaining([name]) });
    expect(await checkout.cli(["status", ...place], { MYSQL_PWD: db.password })).toMatchObject({ exit: 0 });
  });
});
