import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installed } from "../../src/documents/caller.ts";
import { formatHint } from "../../src/documents/format-hint.ts";
import { drawSvg } from "../../src/job/draw/svg.ts";
import type { Job } from "../../src/job/job.ts";
import { officialWithJobs } from "../job/official-jobs.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { verbsSent } from "../support/upgrade.ts";
import { runCli, runOn, urlOf } from "./run-cli.ts";

/** The report without its first line, which names the server. */
async function show(db: TestDatabase, ...args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await runOn(db, ["show", ...args]);
  expect([exit, stderr]).toEqual([0, ""]);
  return stdout.slice(stdout.indexOf("\n\n") + 2).replace(urlOf(db), "URL");
}

async function document(db: TestDatabase, ...args: string[]): Promise<{ job: Job; svg?: string }> {
  const { exit, stdout, stderr } = await runOn(db, ["show", ...args, "--json"]);
  expect([exit, stderr]).toEqual([0, ""]);
  const read = JSON.parse(stdout) as { job: Job };
  expect(read).toMatchObject({ schema: 1, command: "show", ok: true, database: db.database });
  return read;
}

async function refused(db: TestDatabase, ...args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await runOn(db, ["show", ...args]);
  expect(stdout).toBe("");
  return `${stderr.replaceAll(urlOf(db), "URL").replace(db.database, "DATABASE")}exit ${exit}`;
}

onEveryServer("show on the official flavour", (lane) => {
  test("says what is missing before the migrations", async () => {
    await using db = await freshDatabase(lane, "official");
    for (const args of [[], ["1"]]) {
      expect(await refused(db, ...args)).toMatchInlineSnapshot(`
        "error NOT_MIGRATED: this database does not have all tables of processing jobs
          where   DATABASE
          found   no ProcessingJob, ProcessingJobParameter, ProcessingJobImageSweep, AutoProcProgram.processingJobId
          done    nothing was read
          next    ispyb-migrate status --url URL   # shows what is pending or skipped, and the command that creates it
        exit 4"
      `);
    }
  });

  test("the example of the README, with SELECT only; a missing job; 5,000 sweeps", async () => {
    await using db = await officialWithJobs(lane, { generalLog: true });
    await db.query("CREATE USER reader IDENTIFIED BY 'geheim-17'");
    await db.query(`GRANT SELECT ON \`${db.database}\`.* TO reader`);
    await db.query("TRUNCATE mysql.general_log");
    const { exit, stdout, stderr } = await runOn(db, ["show", "1"], { user: "reader", password: "geheim-17" });
    expect([exit, stderr]).toEqual([0, ""]);
    expect(await verbsSent(db)).toEqual(["SELECT", "SET", "SHOW"]);
    expect(stdout.slice(stdout.indexOf("\n\n") + 2)).toMatchInlineSnapshot(`
      "job 1: xia2 DIALS  queued
        recipe     xia2-dials, requested by a user
        submitted  2026-02-03 14:00:00 UTC
        session    MX4242-1 on ID00, Lysozyme and friends
        comments   two crystals together
        people     Ada Ångström (Principal Investigator), Ben Brook (Local Contact)

      2 sweeps over 2 data collections, 2,200 images
        data collection  sample         images
        4 *              lys-1-b (2)  1 ==================================== 1100  all
        3                lys-1-a (1)  1 ==================================== 1100  all
        = selected   * primary

      parameters
        data        /data/4.expt
                    /data/3.expt
        d_min       1.8
        scaling_id  NULL
        program_id  None

      programs
        none yet: no worker has taken the job
      "
    `);

    expect(await refused(db, "99")).toMatchInlineSnapshot(`
      "error USAGE: job 99 does not exist
        where   DATABASE
        next    ispyb-migrate show --url URL   # lists the newest jobs
      exit 64"
    `);

    const sweeps = Array.from({ length: 5000 }, (_, at) => [2, 1 + (at % 6), 1 + at / 6, 2 + at / 6].map(Math.floor));
    await db.query(
      "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES " +
        sweeps.map((row) => `(${row.join(", ")})`).join(", "),
    );
    const printed = await show(db, "2");
    expect(printed).toContain("\n5,000 sweeps over 6 data collections, ");
    expect(printed).toContain(
      "data collections with many ranges show only their number; `ispyb-migrate show 2 --json --url URL` has every sweep\n",
    );
    expect((await document(db, "2")).job.sweeps).toHaveLength(5000);
  });
});

onEveryServer("show on Diamond's flavour", (lane) => {
  test("reports, errors first", async () => {
    await using db = await freshDatabase(lane, "diamond");
    await db.query(
      "INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity, message, description, recordTimeStamp) VALUES " +
        "(1, 'WARNING', 'ice rings', NULL, '2023-02-01 10:06:00'), (1, 'ERROR', 'no cell', 'first\\nsecond', '2023-02-01 10:07:00')",
    );
    expect(await show(db, "1")).toMatchInlineSnapshot(`
      "job 1: xia2 dials  success
        recipe     autoprocessing-xia2-dials, automatic
        submitted  2023-02-01 10:02:30 UTC
        session    mx4242-1 on i00, Lysozyme and friends
        people     Ada Ångström (Principal Investigator), Ben Brook (Data Access)

      1 sweep over 1 data collection, 1,100 images
        data collection  sample         images
        1 *              lys-1-a (1)  1 ==================================== 1100  all
        = selected   * primary

      programs
        program 1, xia2 dials  success
          ran          2023-02-01 10:03:00 to 2023-02-01 10:09:00, 2 attachments
          pipeline     xia2/DIALS
          command      xia2 pipeline=dials
          environment  cluster=slurm
          message      processing successful
          ERROR        no cell
                       first
                       second
          WARNING      ice rings
          INFO         indexed
                       all images in one lattice

      children
        job 4, DIMPLE: program 5, dimple, failed (parentAutoProcProgramId 1, scaling_id 1)
        job 5, MrBUMP: program 6, MrBUMP, queued (parentAutoProcProgramId 1, scaling_id 1)
      "
    `);
    await db.query(
      "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES " +
        "(6, 'program_id', '5'), (6, 'program_id', '98'), (6, 'scaling_id', '2')",
    );
    expect(await show(db, "6")).toMatchInlineSnapshot(`
      "job 6  queued
        recipe     xia2-3dii, automatic: not recorded
        submitted  2023-02-01 11:23:00 UTC
        session    mx4242-1 on i00, Lysozyme and friends
        people     Ada Ångström (Principal Investigator), Ben Brook (Data Access)

      2 sweeps over 1 data collection, 1,000 images
        data collection  sample         images
        6 *              lys-1-b (2)  1 ==========-..-========== 1100  1-500, 601-1100
        = selected   - partly   . not selected   * primary

      parameters
        program_id  5
                    98
        scaling_id  2

      programs
        none yet: no worker has taken the job

      parents
        job 4, DIMPLE: program 5, dimple, failed (program_id 5)
        no such row: program_id 98
        program 2, fast_dp, success (scaling_id 2)
      "
    `);
  });

  test("lists the newest jobs, and filters them", async () => {
    await using db = await freshDatabase(lane, "diamond");
    expect(await show(db)).toMatchInlineSnapshot(`
      "job  submitted (UTC)      status   data collection  sweeps  recipe, name
      6    2023-02-01 11:23:00  queued   6                2       xia2-3dii
      5    2023-02-01 10:09:40  queued   1                0       postprocessing-mrbump, MrBUMP
      4    2023-02-01 10:09:30  failed   1                1       postprocessing-dimple, DIMPLE
      3    2023-02-01 11:06:00  success  1                2       postprocessing-xia2-multiplex, xia2.multiplex
      2    2023-02-03 14:00:00  running  2                1       xia2-dials, Xia2 DIALS
      1    2023-02-01 10:02:30  success  1                1       autoprocessing-xia2-dials, xia2 dials

      6 in all; \`ispyb-migrate show JOB --url URL\` shows one
      "
    `);
    const wanted = ["--data-collection", "1", "--recipe", "processing", "--since", "2023-02-01T10:00", "--limit", "1"];
    expect(await show(db, ...wanted, "--status", "success")).toMatchInlineSnapshot(`
      "job  submitted (UTC)      status   data collection  sweeps  recipe, name
      3    2023-02-01 11:06:00  success  1                2       postprocessing-xia2-multiplex, xia2.multiplex

      the newest 1; there are more: --limit N lists more; \`ispyb-migrate show JOB --url URL\` shows one
      "
    `);
    const list = await show(db, "--since", "2023-02-01T12:06+01:00");
    expect(list).toBe(await show(db, "--since", "2023-02-01T11:06"));
    expect(list).not.toBe(await show(db, "--since", "2023-02-01T11:07"));
    expect(await show(db, "--recipe", "none of them")).toBe("no matching jobs\n");
  });

  test("a picture in a file, on stdout, or the reason why there is none", async () => {
    await using db = await freshDatabase(lane, "diamond");
    const folder = mkdtempSync(join(tmpdir(), "ispyb-migrate-show-"));
    try {
      const file = join(folder, "job.svg");
      const saved = await runOn(db, ["show", "3", "--svg", file]);
      expect(saved).toMatchObject({ exit: 0, stdout: expect.stringContaining("job 3: xia2.multiplex") });
      expect(saved.stderr).toBe(`the picture is in ${file}\n`);
      const { job, svg } = await document(db, "3", "--svg", "-");
      expect(svg).toBe(drawSvg(job, (hint) => formatHint(hint, installed)));
      expect(readFileSync(file, "utf8")).toBe(svg);
      expect(await runOn(db, ["show", "3", "--svg", "-"])).toEqual({ exit: 0, stdout: svg, stderr: "" });
      const { exit, stderr } = await runOn(db, ["show", "3", "--svg", join(folder, "no", "where.svg")]);
      expect(exit).toBe(64);
      expect(stderr).toMatch(
        /error USAGE: the picture could not be written\n {2}where .*where\.svg\n {2}found .*ENOENT/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a wrong command line", () => {
  const url = ["--url", "mysql://me@127.0.0.1:1/ispyb"];

  test.each<[string, string[], RegExp]>([
    ["a word for a job", ["geheim-17"], /^error USAGE: invalid value for JOB\n/],
    ["no job has it", ["0"], /^error USAGE: invalid value for JOB\n/],
    ["more than the column holds", ["4294967296"], /^error USAGE: invalid value for JOB\n/],
    ["two jobs", ["1", "2"], /^error USAGE: too many arguments for 'show'/],
    ["a picture of a list", ["--svg", "jobs.svg"], /^error USAGE: --svg needs a JOB: it draws one job\n/],
    [
      "a job and a condition",
      ["1", "--status", "failed"],
      /^error USAGE: --status cannot be combined with JOB: it selects from the list of jobs\n/,
    ],
    ["a status that is none", ["--status", "done"], /^error USAGE: invalid value for --status\n/],
    ["a limit of nothing", ["--limit", "0"], /^error USAGE: invalid value for --limit\n {2}found {3}0\n/],
    ["a data collection by name", ["--data-collection", "lys"], /^error USAGE: invalid value for --data-collection\n/],
    ["a day that no calendar has", ["--since", "2026-02-30"], /^error USAGE: invalid value for --since\n/],
    ["a date that is none", ["--since", "yesterday"], /^error USAGE: invalid value for --since\n/],
  ])("%s", async (_what, args, message) => {
    const { exit, stdout, stderr } = await runCli(["show", ...args, ...url]);
    expect([exit, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("geheim");
  });
});
