/** A project outside of the repository that uses the packed package with vitest, as the READMEs write it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { install, pack } from "../../scripts/packed.ts";
import { run } from "../../src/server/process.ts";
import { lanes } from "../support/servers.ts";
import { filesOfReadme } from "./readme.ts";

/** What npm may take on a busy machine, in milliseconds. */
const SLOW = 300_000;

const { devDependencies } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};

const folder = mkdtempSync(join(tmpdir(), "ispyb-migrate-example-"));
const installed = join(folder, "installed");
beforeAll(async () => {
  await install(installed, [await pack(folder), `vitest@${devDependencies["vitest"]}`]);
}, SLOW);
afterAll(() => rmSync(folder, { recursive: true }));

/** A project with these files; the packages come from the folder above. */
function project(files: Readonly<Record<string, string>>): string {
  const place = mkdtempSync(join(installed, "project-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  return place;
}

interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
}

/** A run of the project's vitest. */
async function vitest(place: string, env: Readonly<Record<string, string>> = {}) {
  const file = join(place, "report.json");
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const ended = await run(join(installed, "node_modules/.bin/vitest"), args, {
    cwd: place,
    env: { NO_COLOR: "1", ...env },
  });
  if (!existsSync(file)) return { ...ended, report: undefined };
  return { ...ended, report: JSON.parse(readFileSync(file, "utf8")) as Report };
}

const config = (server: string, more = "") => `
  import { defineConfig } from "vitest/config";
  export default defineConfig({
    test: {
      globalSetup: ["ispyb-migrate/vitest/setup"],
      provide: { ispyb: { stories: ["multi-sweep"], server: ${JSON.stringify(server)} } },
      ${more}
    },
  });`;

const head = `
  import { expect } from "vitest";
  import { test } from "ispyb-migrate/vitest";
  const jobs = async (ispyb) => (await ispyb.rows("SELECT displayName FROM ProcessingJob")).map((row) => row.displayName);
`;

test("the README's files pass as they are", async () => {
  const files = Object.fromEntries(filesOfReadme("src/sandbox"));
  expect(Object.keys(files)).toEqual(expect.arrayContaining(["vitest.config.js", "test/jobs.test.js"]));
  const { output, report } = await vitest(project(files));
  expect(report, output).toMatchObject({ success: true, numPassedTests: 2 });
});

test("the README's program runs as it is", async () => {
  const place = project({ "sandbox.js": filesOfReadme("src/sandbox").get("sandbox.js") ?? "" });
  const ended = await run("node", [join(place, "sandbox.js")], { cwd: place });
  expect(ended, ended.output).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(/^mysql:\/\/ispyb_1:[\w-]+@127\.0\.0\.1:\d+\/ispyb_1\n\[\]\n$/);
});

test("the library's example runs as it is, and draws the job", async () => {
  const place = project({ "library.js": filesOfReadme("src").get("library.js") ?? "" });
  const ended = await run("node", [join(place, "library.js")], { cwd: place });
  expect(ended, ended.output).toMatchObject({ code: 0 });
  expect(ended.stdout).toBe("14 migrations are pending\n0 differences\n2 sweeps\n1 migration is undone\n");
  expect(readFileSync(join(place, "job.svg"), "utf8")).toMatch(/<svg [\s\S]*<\/svg>\s*$/);
});

const series = lanes.map(({ name }) => name);

describe.each(series)("on %s", (server) => {
  test("eight workers do not meet: each test begins with the template's rows", async () => {
    const file = `${head}
      import { setTimeout as pause } from "node:timers/promises";
      for (let turn = 0; turn < 5; turn++) {
        test("turn " + turn, async ({ ispyb }) => {
          const before = await jobs(ispyb);
          expect(before).toHaveLength(1);
          await ispyb.run("DELETE FROM ProcessingJob");
          await ispyb.run("INSERT INTO ProcessingJob (displayName) VALUES (?)", [import.meta.filename]);
          await pause(30);
          expect(await jobs(ispyb)).toEqual([import.meta.filename]);
          expect(ispyb.name).toBe("ispyb_" + process.env.VITEST_POOL_ID);
        });
      }`;
    const files = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`test/file-${at}.test.js`, file]));
    const place = project({ "vitest.config.js": config(server, "maxWorkers: 8,"), ...files });
    const { output, report } = await vitest(place);
    expect(report, output).toMatchObject({ success: true, numPassedTests: 80 });
  });

  test("what a test leaves is gone: a transaction, an object, a changed routine, settings, a lost connection", async () => {
    const file = `${head}
      import { createConnection } from "mysql2/promise";
      const exact = async (ispyb) => {
        expect(await jobs(ispyb)).toHaveLength(1);
        expect(await ispyb.rows("SHOW TABLES LIKE 'left%'")).toEqual([]);
        const routine = "SHOW PROCEDURE STATUS WHERE Db = DATABASE() AND Name = 'upsert_processing_job'";
        expect(await ispyb.rows(routine)).toHaveLength(1);
        const [session] = await ispyb.rows("SELECT @left AS kept, @@SESSION.sql_mode LIKE '%STRICT%' AS strict");
        expect(session).toEqual({ kept: null, strict: 1 });
      };
      const left = [];
      test("a transaction", async ({ ispyb }) => {
        const { host, port, user, password, name } = ispyb;
        left.push(await createConnection({ host, port, user, password, database: name }));
        left[0].on("error", () => {});
        await left[0].query("START TRANSACTION");
        await left[0].query("UPDATE ProcessingJob SET displayName = 'left'");
      });
      test("an object", async ({ ispyb }) => {
        await exact(ispyb);
        await ispyb.run("CREATE TABLE left_over (id int)");
        await ispyb.run("DELETE FROM ProcessingJob");
      });
      test("a routine", async ({ ispyb }) => {
        await exact(ispyb);
        await ispyb.run("DROP PROCEDURE upsert_processing_job");
      });
      test("settings", async ({ ispyb }) => {
        await exact(ispyb);
        await ispyb.run("SET SESSION sql_mode = ''");
        await ispyb.run("SET @left = 1");
      });
      test("a lost connection", async ({ ispyb }) => {
        await exact(ispyb);
        const others = await ispyb.rows("SELECT ID AS id FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID()");
        expect(others.length).toBeGreaterThan(0);
        for (const { id } of others) await ispyb.run("KILL " + id);
        await ispyb.run("DELETE FROM ProcessingJob");
      });
      test("nothing", async ({ ispyb }) => exact(ispyb));`;
    const { output, report } = await vitest(project({ "vitest.config.js": config(server), "all.test.js": file }));
    expect(report, output).toMatchObject({ success: true, numPassedTests: 6 });
  });

  test("with ISPYB_KEEP=1 the printed line opens the data of a failed test, until the sandbox is stopped", async () => {
    const file = `${head}
      test("fails", async ({ ispyb }) => {
        await ispyb.run("UPDATE ProcessingJob SET displayName = 'seen'");
        expect(await jobs(ispyb)).toEqual(["wanted"]);
      });
      test("passes", async ({ ispyb }) => expect(await jobs(ispyb)).not.toEqual(["seen"]));`;
    const place = project({ "vitest.config.js": config(server), "all.test.js": file });
    const { output } = await vitest(place, { ISPYB_KEEP: "1" });
    const [, id = ""] = /sandbox stop (\w+)/.exec(output) ?? [];
    expect(output).toContain("kept the data of the failed test fails:");
    try {
      const [, password = "", socketPath = "", user = "", database = ""] =
        /MYSQL_PWD=(\S+) mysql --socket=(\S+) --user=(\S+) (ispyb_kept_1)$/m.exec(output) ?? [];
      const db = await createConnection({ socketPath, user, password, database });
      const [rows] = await db.query("SELECT displayName FROM ProcessingJob");
      await db.end();
      expect(rows).toEqual([{ displayName: "seen" }]);
    } finally {
      const stop = join(installed, "node_modules/.bin/ispyb-migrate");
      const ended = await run(stop, ["sandbox", "stop", id]);
      expect(ended, `${output}${ended.output}`).toMatchObject({ code: 0 });
    }
  });
});

describe("refused with what to do", () => {
  const refused = async (files: Readonly<Record<string, string>>) => {
    const { output, report } = await vitest(project(files));
    expect(report?.success ?? false, output).toBe(false);
    return `${output}${JSON.stringify(report)}`;
  };

  test("concurrent tests of one database", async () => {
    const file = `${head} test.concurrent("one", async ({ ispyb }) => { await jobs(ispyb); });`;
    const text = await refused({ "vitest.config.js": config("mariadb-10.11"), "a.test.js": file });
    expect(text).toContain("CONFLICT: concurrent tests cannot share database ispyb_1");
    expect(text).toContain("remove .concurrent");
  });

  test("a configuration without the global set-up", async () => {
    const text = await refused({ "a.test.js": `${head} test("one", async ({ ispyb }) => { await jobs(ispyb); });` });
    expect(text).toContain("CONFIGURATION: no sandbox was started for these tests");
    expect(text).toContain("ispyb-migrate/vitest/setup");
  });

  test("a story that does not exist", async () => {
    const wrong = config("mariadb-10.11").replace("multi-sweep", "multi-sweap");
    const text = await refused({ "vitest.config.js": wrong, "a.test.js": `${head} test("one", ({ ispyb }) => {});` });
    expect(text).toContain("USAGE: there is no story multi-sweap");
  });
});
