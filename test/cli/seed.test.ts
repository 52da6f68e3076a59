/** `seed` as a person and a script see it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { idOf, migrated, small, sow } from "../seed/seeding.ts";
import { temporaryFolder } from "../support/folder.ts";
import { onEveryServer } from "../support/servers.ts";
import { checksums } from "../support/upgrade.ts";
import { runCli, runOn, urlOf } from "./run-cli.ts";
import { startOn } from "./spawn-cli.ts";

const url = "mysql://me@127.0.0.1:1/ispyb";

describe("without a server", () => {
  test("seed alone lists the stories", async () => {
    expect(await runCli(["seed"])).toMatchObject({ exit: 0, stderr: "" });
    expect((await runCli(["seed"])).stdout).toMatchInlineSnapshot(`
      "downstream          Three programs in a chain; each uses the results of the one before
      multi-crystal       xia2.multiplex over a group of four samples
      multi-sweep         One job over sweeps of two samples
      multi-sweep-ranges  Several ranges of one data collection
      non-mx              Electron microscopy and a tomogram, without sweeps
      programs            Programs that are queued, running, failed and finished
      reprocessing        A user processes the same data again with other parameters

      ispyb-migrate seed STORY...         inserts them
      ispyb-migrate seed --file FILE      a story of your own
      ispyb-migrate seed remove STORY...  deletes them
      ispyb-migrate seed generate N       N realistic jobs
      "
    `);
    const { stdout } = await runCli(["seed", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      command: "seed",
      ok: true,
      stories: expect.arrayContaining([{ name: "multi-sweep", title: "One job over sweeps of two samples" }]),
    });
  });

  test.each([
    [["multi-swep"], "there is no story multi-swep; did you mean multi-sweep?"],
    [["multi-sweep", "--use", "dc1"], "invalid value for --use"],
    [["multi-sweep", "--use", "dc1=0"], "invalid value for --use"],
    [["multi-sweep", "--use", "dc1=1", "--use", "dc1=2"], "--use gives two rows for dc1"],
    [["multi-sweep", "--at", "yesterday"], "invalid value for --at"],
    [["remove"], "seed remove needs the name of a story"],
    [["generate"], "seed generate needs the number of jobs"],
    [["generate", "0"], "seed generate needs the number of jobs"],
    [["generate", "1e3"], "seed generate needs the number of jobs"],
    [["generate", "10", "20"], "seed generate needs the number of jobs"],
    [["generate", "1000000000"], "seed generate needs the number of jobs"],
    [["generate", "10", "--random-seed", "-1"], "invalid value for --random-seed"],
    [["generate", "10", "--random-seed", "4294967296"], "invalid value for --random-seed"],
    [["generate", "10", "--use", "dc1=1"], "seed generate does not take --use"],
    [["generate", "10", "--at", "2026-02-31"], "invalid value for --at"],
    [["multi-sweep", "--random-seed", "1"], "seed STORY... does not take --random-seed"],
    [["remove", "multi-sweep", "--random-seed", "1"], "seed remove does not take --random-seed"],
    [["remove", "multi-sweep", "--file", "mine.yaml"], "seed remove does not take --file"],
    [["remove", "multi-sweep", "--use", "dc1=1"], "seed remove does not take --use"],
    [["remove", "multi-sweep", "--at", "2026-03-01"], "seed remove does not take --at"],
  ])("%j is refused", async (args, what) => {
    const { exit, stdout, stderr } = await runCli(["seed", ...args, "--url", url, "--yes"]);
    expect([exit, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(`error USAGE: ${what}\n`);
  });
});

onEveryServer("seed", (lane) => {
  test("asks, writes, reports the same the second time, and removes the rows", async () => {
    await using db = await migrated(lane, "official");
    const before = await checksums(db);
    const asked = await runOn(db, ["seed", "multi-sweep"]);
    expect(asked).toMatchObject({ exit: 64, stdout: "" });
    expect(asked.stderr).toMatch(
      new RegExp(
        `multi-sweep +16 rows to insert[^]*NO_TERMINAL[^]*Write multi-sweep into ${db.database} on \\w+ [\\d.]+\\?`,
      ),
    );
    expect(await checksums(db)).toEqual(before);

    const done = await runOn(db, ["seed", "multi-sweep", "--yes", "--at", "2026-03-01"]);
    expect(done.exit, done.stderr).toBe(0);
    expect(done.stdout).toMatch(
      /multi-sweep {2}16 rows inserted; time of the story: 2026-03-01 00:00:00 by the server's clock\n/,
    );
    const job = /job1 +ProcessingJob +(\d+)\n/.exec(done.stdout)?.[1];
    expect(done.stdout).toContain(`ispyb-migrate show ${job} --url ${urlOf(db)}\n`);
    expect(await runOn(db, ["show", job ?? ""])).toMatchObject({ exit: 0 });

    // Nothing is written, and so nothing is asked.
    const again = await runOn(db, ["seed", "multi-sweep"]);
    expect(again).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining(
        "multi-sweep  nothing to do: the story has not changed since it was seeded (16 rows)",
      ),
    });

    const removing = await runOn(db, ["seed", "remove", "multi-sweep"]);
    expect(removing.stderr).toContain(`Remove 16 rows of multi-sweep from ${db.database}`);
    const removed = await runOn(db, ["seed", "remove", "multi-sweep", "--yes", "--json"]);
    expect(JSON.parse(removed.stdout)).toMatchObject({ ok: true, stories: [{ story: "multi-sweep", removed: 16 }] });
    expect(await runOn(db, ["seed", "remove", "multi-sweep", "--yes"])).toMatchObject({ exit: 64 });
  });

  test("generate asks, shows progress and result, stops at Ctrl-C and continues", async () => {
    await using db = await migrated(lane, "official");
    const asked = await runOn(db, ["seed", "generate", "300", "--random-seed", "7"]);
    expect(asked).toMatchObject({ exit: 64, stdout: "" });
    expect(asked.stderr).toMatch(
      /Write 300 jobs \([\d,]+ rows in all\) into \w+ on \w+ [\d.]+, by (?:LOAD DATA|INSERT)\?/,
    );

    const done = await runOn(db, ["seed", "generate", "300", "--random-seed", "7", "--at", "2026-03-01", "--yes"]);
    expect(done.exit, done.stderr).toBe(0);
    expect(done.stderr).toContain("  100 %  300 of 300 jobs\n");
    expect(done.stdout).toMatch(
      /generated-7 {2}inserted: 300 jobs, ids \d+ to \d+; all times are 2026-03-01 00:00:00 or earlier \(server's clock\)\n/,
    );
    const job = /ispyb-migrate show (\d+) --url \S+\n/.exec(done.stdout)?.[1] ?? "";
    expect(await runOn(db, ["show", job])).toMatchObject({ exit: 0, stdout: expect.stringContaining("fast_dp") });
    // Nothing is left to write, and so nothing is asked.
    const again = await runOn(db, ["seed", "generate", "300", "--random-seed", "7"]);
    expect(again).toMatchObject({ exit: 0, stdout: expect.stringContaining("generated-7  unchanged: 300 jobs") });
    const { stdout } = await runOn(db, ["seed", "generate", "300", "--random-seed", "7", "--json", "--yes"]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, name: "generated-7", jobs: 300, already: 300 });

    const long = startOn(db, ["seed", "generate", "40000", "--yes"]);
    // Once: a second signal would end the running statement, which is another subject.
    const interrupt = (chunk: Buffer) => {
      if (!/[1-9]\d? % /.test(chunk.toString())) return;
      long.child.stderr?.off("data", interrupt);
      long.child.kill("SIGINT");
    };
    long.child.stderr?.on("data", interrupt);
    const stopped = await long.ended;
    expect(stopped.exit, stopped.stderr).toBe(130);
    const [row] = await db.query<{ n: number }>("SELECT COUNT(*) AS n FROM ProcessingJob");
    expect(Number(row?.n)).toBeLessThan(40_000);
    expect(stopped.stderr).toMatch(/found +\d+ of 40,000 jobs written, with all their rows\n/);
    const removed = await runOn(db, ["seed", "remove", "generated-1", "generated-7", "--yes"]);
    expect(removed).toMatchObject({ exit: 0, stdout: expect.stringMatching(/generated-1 +[\d,]+ rows removed\n/) });
    expect(await db.query("SELECT COUNT(*) AS n FROM ispyb_migrate_seed")).toEqual([{ n: 0 }]);
  });

  test("--at with Z or an offset is turned into the server's time, which the result names", async () => {
    await using db = await migrated(lane, "official");
    await db.query("SET GLOBAL time_zone = '+02:00'");
    const written = async (at: string, ...args: readonly string[]) => {
      const { exit, stdout, stderr } = await runOn(db, ["seed", ...args, "--at", at, "--yes", "--json"]);
      expect(exit, stderr).toBe(0);
      return JSON.parse(stdout) as unknown;
    };
    expect(await written("2026-03-01T10:00:00Z", "multi-sweep")).toMatchObject({
      stories: [{ at: "2026-03-01 12:00:00", inserted: 16 }],
    });
    // The same moment, so that nothing changes.
    for (const same of ["2026-03-01T11:00:00+01:00", "2026-03-01 12:00"]) {
      expect(await written(same, "multi-sweep")).toMatchObject({ stories: [{ kept: 16, updated: 0 }] });
    }
    const jobs = ["generate", "5", "--random-seed", "7"];
    expect(await written("2026-03-01T10:00:00-03:00", ...jobs)).toMatchObject({ at: "2026-03-01 15:00:00" });
    expect(await written("2026-03-01T13:00:00Z", ...jobs)).toMatchObject({ already: 5 });
    const early = await runOn(db, ["seed", "programs", "--at", "1950-03-01T10:00:00Z", "--yes"]);
    expect(early).toMatchObject({ exit: 64, stdout: "" });
    expect(early.stderr).toMatch(/^error USAGE: the server cannot convert --at to its time zone\n/);
  });

  test("a story from a file; its mistakes with line and column; an existing row", async () => {
    await using db = await migrated(lane, "official");
    await using folder = await temporaryFolder();
    const file = join(folder.path, "mine.yaml");
    await writeFile(file, small.replace("endImage: 50", "endImage: 101"));
    const refused = await runOn(db, ["seed", "--file", file, "--yes", "--json"]);
    expect(refused.exit).toBe(64);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      ok: false,
      error: {
        code: "STORY_INVALID",
        found: [`${file}:20:57: endImage is 101; dc1 has the images 1 to 100`],
        done: "no row was written",
      },
    });
    const twin = join(folder.path, "multi-sweep.yaml");
    await writeFile(twin, small);
    const named = await runOn(db, ["seed", "--file", twin, "--yes"]);
    expect(named).toMatchObject({ exit: 64, stdout: "" });
    expect(named.stderr).toContain("a story in seeds/ already has this name");
    const mapped = await runOn(db, ["seed", "--file", file, "--use", "dc1=1", "--use", "dc2=2", "--yes", "--json"]);
    expect(JSON.parse(mapped.stdout)).toMatchObject({ ok: true, stories: [{ story: "mine", inserted: 7 }] });
    expect(await db.query("SELECT dataCollectionId AS dc, endImage FROM ProcessingJobImageSweep ORDER BY 1")).toEqual([
      { dc: 1, endImage: 101 },
      { dc: 2, endImage: 110 },
    ]);
  });

  test("status, verify and a full down know the tool's third table, and say what remains", async () => {
    await using db = await migrated(lane, "official");
    const done = await sow(db, [{ text: small }]);
    expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
    expect(await runOn(db, ["verify"])).toMatchObject({ exit: 0 });
    await using folder = await temporaryFolder();
    const down = [
      "down",
      "--to",
      "2017_10_16_1_processing_job_tables",
      "--allow-data-loss",
      "--save-to",
      folder.path,
      "--yes",
    ];
    const { exit, stdout, stderr } = await runOn(db, down);
    expect(exit, stderr).toBe(0);
    const own = "ispyb_migrate_journal, ispyb_migrate_lease,";
    expect(stderr).toContain(
      `The tables of this tool are dropped with all their rows: ${own} and ispyb_migrate_seed if it exists\n`,
    );
    expect(stdout).toContain(`dropped the tables of this tool: ${own} ispyb_migrate_seed\n`);
    expect(stderr).toContain(
      `to delete these rows, too, run this before \`down\`: ispyb-migrate seed remove own --url ${urlOf(db)}\n`,
    );
    expect(await db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'")).toEqual([]);
    expect(
      await db.query("SELECT COUNT(*) AS n FROM DataCollection WHERE dataCollectionId = ?", [idOf(done, "dc1")]),
    ).toEqual([{ n: 1 }]);
  });
});
