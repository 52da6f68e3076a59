/** What a folder of --migrations may hold: loaded by Node itself, as the program does it, with nothing beside the files. */
import { chmod, chown } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MigrateError } from "../../src/errors.ts";
import { loadAllMigrations } from "../../src/facility/load.ts";
import { run } from "../../src/server/process.ts";
import { facilityFolder, migrationFile, newColumn } from "./folder.ts";

const loader = new URL("../../src/facility/load.ts", import.meta.url).href;

interface Loaded {
  readonly names?: readonly string[];
  readonly code?: string;
  readonly message?: string;
  readonly where?: string;
  readonly next?: unknown;
}

/** What comes of each of these lists of values, in a process of its own: names of the facility's migrations, or the error. */
async function loadByNode(...lists: readonly (readonly string[])[]): Promise<Loaded[]> {
  const program = `
    const { loadAllMigrations } = await import(${JSON.stringify(loader)});
    const answers = JSON.parse(process.argv[1]).map((given) => loadAllMigrations(given, "/").then(
      (all) => ({ names: all.map(({ name }) => name).filter((name) => name.includes("/")) }),
      ({ code, message, details: { where, next } }) => ({ code, message, where, next }),
    ));
    console.log(JSON.stringify(await Promise.all(answers)));
  `;
  const ended = await run(process.execPath, ["--input-type=module", "--eval", program, JSON.stringify(lists)]);
  expect(ended, ended.output).toMatchObject({ code: 0, output: ended.stdout });
  return JSON.parse(ended.stdout) as Loaded[];
}

/** The same in this process, where no file has to be imported. */
async function load(...given: readonly string[]): Promise<Loaded> {
  try {
    const all = await loadAllMigrations(given, "/");
    return { names: all.map(({ name }) => name).filter((name) => name.includes("/")) };
  } catch (error) {
    if (!(error instanceof MigrateError)) throw error;
    const { where, next } = error.details;
    return { code: error.code, message: error.message, ...(where === undefined ? {} : { where }), next };
  }
}

const good = newColumn("ProcessingJob", "dlsPriority");

test(".ts, .js and .mjs files load in the order of their names, behind ours, with helpers in a subfolder", async () => {
  await using folder = await facilityFolder({
    "2026_01_02_second.js": good,
    "2026_01_01_first.ts": good.replace("export default", "export const typed: string = `x`;\nexport default"),
    "2026_01_03_third.mjs": good
      .replace("ProcessingJob", "${name}")
      .replaceAll('"${name}"', "table")
      .replace("\n\n", '\nimport { table } from "./lib/names.ts";\n\n'),
    "lib/names.ts": 'export const table: string = "ProcessingJob";\n',
    "README.md": "no migration",
  });
  expect(await loadByNode([`dls=${folder.path}`])).toEqual([
    { names: ["dls/2026_01_01_first", "dls/2026_01_02_second", "dls/2026_01_03_third"] },
  ]);
});

test("several folders keep the order in which they are given, in one value or in several", async () => {
  await using one = await facilityFolder({ "2026_01_02_x.js": good });
  await using two = await facilityFolder({ "2026_01_01_x.js": good });
  const names = ["b/2026_01_02_x", "a/2026_01_01_x"];
  expect(await load(`b=${one.path}`, `a=${two.path}`)).toEqual({ names });
  expect(await load(`b=${one.path},a=${two.path}`)).toEqual({ names });
});

/** File, its text, the line of the fault, and words of the message or of what was found. */
const broken: readonly [file: string, text: string, line: number | undefined, words: string][] = [
  ["2026_01_01_x.ts", `${migrationFile("")}\nconst a: string = ;\n`, 5, "cannot be loaded"],
  ["2026_01_01_x.js", `${migrationFile("")}\nconst a = ;\n`, 5, "cannot be loaded: Unexpected token"],
  ["2026_01_01_x.js", 'import "ispyb-migrate/migration";\n\nthrow new Error("no priority");\n', 3, "no priority"],
  ["2026_01_01_x.js", 'import { drop } from "ispyb-migrate/migration";\n', 1, "named 'drop'"],
  ["2026_01_01_x.js", 'import "ispyb-api";\n', undefined, "Cannot find package 'ispyb-api'"],
  ["2026_01_01_x.js", "export const a = 1;\n", undefined, "migration dls/2026_01_01_x cannot be used"],
  ["2026_01_01_x.js", good.replace("addColumn(", "({ kind: `dropTable` }, "), undefined, "cannot be used"],
  ["01_x.js", good, undefined, "cannot be used"],
  ["2026_01_01_x.cjs", good, undefined, "cannot be used"],
  [`2026_01_01_${"x".repeat(60)}.js`, good, undefined, "cannot be used"],
];

test("a file that cannot be used is refused with its name, and the line where there is one", async () => {
  const folders = await Promise.all(broken.map(([file, text]) => facilityFolder({ [file]: text })));
  const answers = await loadByNode(...folders.map(({ path }) => [`dls=${path}`]));
  for (const [at, [file, text, line, words]] of broken.entries()) {
    const where = `${join(folders[at]?.path ?? "", file)}${line === undefined ? "" : `:${line}`}`;
    expect(answers[at], `${file}: ${text}`).toMatchObject({ code: "CONFIGURATION", where });
    expect(answers[at]?.message).toContain(words);
  }
  for (const folder of folders) await folder[Symbol.asyncDispose]();
});

test("two files of one name are refused", async () => {
  await using folder = await facilityFolder({ "2026_01_01_x.js": good, "2026_01_01_x.sql": "DO 1;" });
  expect(await load(`dls=${folder.path}`)).toMatchObject({
    code: "CONFIGURATION",
    next: ["remove or rename one of 2026_01_01_x.js and 2026_01_01_x.sql"],
  });
});

test("a folder without migrations, and one that does not exist", async () => {
  await using folder = await facilityFolder({ "README.md": "nothing yet" });
  expect(await load(`dls=${folder.path}`)).toMatchObject({
    code: "CONFIGURATION",
    message: `${folder.path} has no migrations`,
    next: { command: "create", args: ["what_it_does"], options: { in: folder.path } },
  });
  expect(await load("dls=nowhere/at-all")).toMatchObject({
    code: "CONFIGURATION",
    where: "/nowhere/at-all",
    next: ["ls -ld /nowhere/at-all", expect.any(String)],
  });
});

test.each([
  [".", 0o775, "chmod -R go-w"],
  ["2026_01_01_x.js", 0o664, "chmod -R go-w"],
  ["lib/x.js", 0o646, "chmod -R go-w"],
])("%s that others may write is refused, with the command that changes it", async (path, mode, command) => {
  await using folder = await facilityFolder({ "2026_01_01_x.js": good, "lib/x.js": "" });
  await chmod(join(folder.path, path), mode);
  expect(await load(`dls=${folder.path}`)).toMatchObject({
    code: "CONFIGURATION",
    where: join(folder.path, path),
    next: [`${command} ${folder.path}`],
  });
  expect(await run("sh", ["-c", `${command} ${folder.path}`])).toMatchObject({ code: 0 });
  expect(await load(`dls=${folder.path}`)).toEqual({ names: ["dls/2026_01_01_x"] });
});

test.runIf(process.geteuid?.() === 0)("a file of another user is refused", async () => {
  await using folder = await facilityFolder({ "2026_01_01_x.js": good });
  await chown(join(folder.path, "2026_01_01_x.js"), 12_345, 0);
  expect(await load(`dls=${folder.path}`)).toMatchObject({
    code: "CONFIGURATION",
    where: join(folder.path, "2026_01_01_x.js"),
    next: [`sudo chown -R 0 ${folder.path}   # or root`],
  });
});

test.each(["dls", "=/etc", "dls=", "Dls=/etc", "procedures=/etc", "schemastatus=/etc", "a b=/etc", "dls=/a,dls=/b"])(
  "--migrations %s is a wrong command line",
  async (given) => {
    expect(await load(given)).toMatchObject({ code: "USAGE" });
  },
);
