import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import type { Job, Relative } from "../../src/job/job.ts";
import { type JobFilter, listJobs } from "../../src/job/read/list.ts";
import { readJob } from "../../src/job/read/read-job.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { officialWithJobs } from "./official-jobs.ts";

onEveryServer("jobs of Diamond's flavour", (lane) => {
  test("a job with everything that belongs to it, without a migration", async () => {
    await using db = await freshDatabase(lane, "diamond");
    await using session = await connect(targetOf(db));
    expect(await readJob(session, 4)).toEqual({
      id: 4,
      dataCollectionId: 1,
      displayName: "DIMPLE",
      recipe: "postprocessing-dimple",
      comments: null,
      submitted: "2023-02-01 10:09:30",
      status: "failed",
      automatic: true,
      visit: {
        proposal: "mx4242",
        title: "Lysozyme and friends",
        session: 1,
        beamline: "i00",
        people: [
          { name: "Ada Ångström", role: "Principal Investigator" },
          { name: "Ben Brook", role: "Data Access" },
        ],
      },
      sweeps: [{ id: 5, dataCollectionId: 1, startImage: 1, endImage: 1100 }],
      dataCollections: [{ id: 1, sample: { id: 1, name: "lys-1-a" }, images: { start: 1, end: 1100 } }],
      parameters: [
        { key: "data", values: ["/data/mx4242-1/processed/1/scaled.mtz"] },
        { key: "scaling_id", values: ["1"] },
      ],
      programs: [
        {
          id: 5,
          name: "dimple",
          status: "failed",
          pipeline: "Dimple",
          message: "no model",
          commandLine: "dimple scaled.mtz",
          environment: null,
          started: "2023-02-01 10:10:00",
          ended: "2023-02-01 10:11:00",
          recorded: "2023-02-01 10:11:00",
          messages: [
            {
              severity: "ERROR",
              message: "no model",
              description: "there is no PDB file for this protein",
              recorded: "2023-02-01 10:11:00",
            },
          ],
          attachments: { count: 2, deleted: 0 },
        },
      ],
      parents: [
        {
          job: { id: 1, name: "xia2 dials", recipe: "autoprocessing-xia2-dials" },
          programs: [{ id: 1, name: "xia2 dials", status: "success" }],
          links: ["parentAutoProcProgramId 1", "scaling_id 1"],
        },
      ],
      children: [],
      unseen: [],
    });
  });

  test("relatives by each of the links, and links to missing rows", async () => {
    await using db = await freshDatabase(lane, "diamond");
    await db.query(
      "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES " +
        "(6, 'program_id', '1'), (6, 'program_id', '5'), (6, 'scaling_id', '99'), (6, 'program_id', '98'), (6, 'scaling_id', '2')",
    );
    await db.query("UPDATE AutoProcProgram SET parentAutoProcProgramId = 4 WHERE autoProcProgramId = 2");
    await using session = await connect(targetOf(db));
    const relatives = async (id: number, which: "parents" | "children") =>
      (await readJob(session, id))?.[which].map(brief);
    expect(await relatives(6, "parents")).toEqual([
      [1, [1], ["program_id 1"]],
      [4, [5], ["program_id 5"]],
      [null, [], ["program_id 98"]],
      [null, [], ["scaling_id 99"]],
      [null, [2], ["scaling_id 2"]],
    ]);
    expect(await relatives(1, "children")).toEqual([
      [4, [5], ["parentAutoProcProgramId 1", "scaling_id 1"]],
      [5, [6], ["parentAutoProcProgramId 1", "scaling_id 1"]],
      [6, [], ["program_id 1"]],
    ]);
    expect(await relatives(3, "children")).toEqual([[null, [2], ["parentAutoProcProgramId 4"]]]);
  });

  test("the newest, and those that are wanted", async () => {
    await using db = await freshDatabase(lane, "diamond");
    await using session = await connect(targetOf(db));
    const listed = async (filter: Partial<JobFilter>) => {
      const { jobs, more } = await listJobs(session, { limit: 20, ...filter });
      return [...jobs.map(({ id }) => id), ...(more ? ["more"] : [])];
    };
    const cases: [Partial<JobFilter>, (number | string)[]][] = [
      [{}, [6, 5, 4, 3, 2, 1]],
      [{ limit: 2 }, [6, 5, "more"]],
      [{ limit: 6 }, [6, 5, 4, 3, 2, 1]],
      [{ dataCollection: 1 }, [5, 4, 3, 1]],
      // Only a sweep is on it.
      [{ dataCollection: 4 }, [3]],
      [{ recipe: "XIA2" }, [6, 3, 2, 1]],
      [{ recipe: "%" }, []],
      [{ status: "queued" }, [6, 5]],
      [{ status: "running" }, [2]],
      [{ status: "failed" }, [4]],
      [{ status: "success" }, [3, 1]],
      [{ since: "2023-02-02 00:00" }, [2]],
      [{ since: "2023-02-01 11:06" }, [6, 3, 2]],
      [{ dataCollection: 1, recipe: "postprocessing", status: "success", since: "2023-02-01 11:00", limit: 1 }, [3]],
    ];
    for (const [filter, expected] of cases) expect(await listed(filter), JSON.stringify(filter)).toEqual(expected);
  });
});

onEveryServer("jobs of the official flavour", (lane) => {
  test("each spelling of a status; that of a job is its newest program's", async () => {
    await using db = await officialWithJobs(lane);
    await db.query("SET SESSION sql_mode = ''");
    await using session = await connect(targetOf(db));
    const cases: [status: string | null, start: string | null, word: Job["status"]][] = [
      ["SUCCESS", "2026-02-03 14:01:00", "success"],
      ["FAILED", null, "failed"],
      ["1", "2026-02-03 14:01:00", "success"],
      ["0", null, "failed"],
      ["RUNNING", null, "running"],
      [null, null, "queued"],
      [null, "2026-02-03 14:01:00", "running"],
      [null, null, "queued"],
      // What an enum gets that could not hold the value.
      ["finished", "2026-02-03 14:01:00", "running"],
    ];
    for (const [at, [status, start, word]] of cases.entries()) {
      await db.query(
        "INSERT INTO AutoProcProgram (processingJobId, processingStatus, processingStartTime) VALUES (1, ?, ?)",
        [status, start],
      );
      const job = await readJob(session, 1);
      expect(job?.programs.map((program) => program.status)).toEqual(cases.slice(0, at + 1).map((each) => each[2]));
      expect(job?.status).toBe(word);
      const { jobs } = await listJobs(session, { limit: 20, status: word });
      expect(jobs.map(({ id }) => id)).toEqual(word === "queued" ? [2, 1] : [1]);
    }
  });

  test("without some of the tables, and for an account that does not see all", async () => {
    await using db = await officialWithJobs(lane);
    await db.query("ALTER TABLE AutoProcProgramMessage RENAME TO elsewhere");
    await db.query("CREATE USER reader IDENTIFIED BY 'geheim-17'");
    for (const table of ["ProcessingJobParameter", "ProcessingJobImageSweep", "AutoProcProgram"]) {
      await db.query(`GRANT SELECT ON ${table} TO reader`);
    }
    const reader = targetOf(db, { user: "reader", password: "geheim-17" });
    {
      await using blind = await connect(reader);
      await expect(readJob(blind, 1)).rejects.toMatchObject({ code: "MISSING_PRIVILEGE", exit: 4 });
    }
    await db.query("GRANT SELECT ON ProcessingJob TO reader");
    await using session = await connect(reader);
    const job = await readJob(session, 1);
    expect(job).toMatchObject({ visit: null, dataCollections: [], sweeps: [{}, {}], unseen: expect.any(Array) });
    expect(job?.unseen).toEqual(expect.arrayContaining(["DataCollection", "Person", "AutoProcProgramMessage"]));
    await using root = await connect(targetOf(db));
    expect(await readJob(root, 1)).toMatchObject({ visit: { proposal: "MX4242" }, unseen: ["AutoProcProgramMessage"] });
    expect(await readJob(root, 99)).toBeUndefined();
  });
});

function brief({ job, programs, links }: Relative) {
  return [job?.id ?? null, programs.map(({ id }) => id), links];
}
