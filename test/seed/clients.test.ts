/**
 * What programs require of rows, and the database does not: py-ispyb answers with an error where one of these columns
 * is NULL; SynchWeb and dlstbx know a visit by its name, and dlstbx reads it from the folder of the images.
 */
import { expect, test } from "vitest";
import { identifyingColumns } from "../../src/seed/story/kinds.ts";
import { ownStoryNames } from "../../src/seed/story/own-stories.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { grow, migrated, sow } from "./seeding.ts";

/** The fields that py-ispyb's models of an answer do not call optional, and columns that SynchWeb compares with a value. */
const required: Readonly<Record<string, readonly string[]>> = {
  Person: ["givenName", "familyName", "login"],
  Proposal: ["personId", "proposalCode", "proposalNumber", "title"],
  BLSession: ["proposalId", "visit_number", "beamLineName", "startDate", "endDate"],
  Protein: ["proposalId", "name", "acronym"],
  Crystal: ["proteinId"],
  BLSample: ["crystalId", "name"],
  DataCollectionGroup: ["sessionId", "blSampleId", "experimentType"],
  DataCollection: ["dataCollectionGroupId", "sessionId", "imageDirectory", "fileTemplate", "numberOfImages"],
  ProcessingJob: ["dataCollectionId", "recordTimestamp", "recipe", "automatic"],
  ProcessingJobParameter: ["processingJobId", "parameterKey", "parameterValue"],
  ProcessingJobImageSweep: ["processingJobId", "dataCollectionId", "startImage", "endImage"],
  AutoProcProgram: ["processingJobId", "processingPrograms", "recordTimeStamp"],
  AutoProcProgramMessage: ["autoProcProgramId", "severity", "message", "description", "recordTimeStamp"],
  AutoProcProgramAttachment: ["autoProcProgramId", "fileType", "fileName", "filePath"],
  AutoProc: [
    "autoProcProgramId",
    "spaceGroup",
    "refinedCell_a",
    "refinedCell_b",
    "refinedCell_c",
    "refinedCell_alpha",
    "refinedCell_beta",
    "refinedCell_gamma",
  ],
  AutoProcScaling: ["autoProcId"],
  AutoProcIntegration: ["autoProcProgramId", "dataCollectionId", "startImageNumber", "endImageNumber"],
  AutoProcScaling_has_Int: ["autoProcScalingId", "autoProcIntegrationId"],
};

/** SynchWeb's pattern of a visit, its stricter one of a route, and dlstbx's; all of them for the whole name. */
const visitPatterns = [/^\w+\d+-\d+$/, /^[a-zA-Z]{2}[0-9]+-[0-9]+$/, /^[a-z]{2}[0-9]{4,5}-[0-9]+$/];
const proposalPattern = /^\w+\d+$/;

onEveryServer("rows as their readers want them", (lane) => {
  for (const base of ["official", "diamond"] as const) {
    test(`${base}: the stories`, async () => {
      await using db = await migrated(lane, base);
      const before = await lastIds(db);
      await sow(db, ownStoryNames());
      await expectComplete(db, before);
      await expectVisits(db, before, ownStoryNames().length);
    });

    test(`${base}: generated jobs`, async () => {
      await using db = await migrated(lane, base);
      const before = await lastIds(db);
      await grow(db, { jobs: 3_000 });
      await expectComplete(db, before);
      await expectVisits(db, before, 2);
    });
  }
});

type LastIds = Readonly<Record<string, number>>;

/** The base has rows of its own. */
async function lastIds(db: TestDatabase): Promise<LastIds> {
  const ids: Record<string, number> = {};
  for (const table of Object.keys(required)) {
    const [row] = await db.query<{ id: number | null }>(
      `SELECT MAX(${identifyingColumns(table).join()}) AS id FROM ${table}`,
    );
    ids[table] = Number(row?.id ?? 0);
  }
  return ids;
}

async function expectComplete(db: TestDatabase, before: LastIds): Promise<void> {
  const found: Record<string, unknown> = {};
  for (const [table, columns] of Object.entries(required)) {
    const counts = columns.map((column) => `CAST(SUM(${column} IS NULL) AS SIGNED) AS ${column}`);
    const [row] = await db.query<Record<string, number | null>>(
      `SELECT ${counts.join(", ")} FROM ${table} WHERE ${identifyingColumns(table).join()} > ?`,
      [before[table]],
    );
    // NULL would say that there are no rows, and nothing was counted.
    found[table] = Object.fromEntries(columns.map((column) => [column, row?.[column]]));
  }
  const none = Object.entries(required).map(([table, columns]) => [
    table,
    Object.fromEntries(columns.map((column) => [column, 0])),
  ]);
  expect(found).toEqual(Object.fromEntries(none));
  // In crystallography SynchWeb leaves out results of data collections without an overlap.
  expect(
    await db.query(
      "SELECT COUNT(*) AS n FROM DataCollection JOIN DataCollectionGroup USING (dataCollectionGroupId) " +
        "WHERE dataCollectionId > ? AND DataCollectionGroup.experimentType <> 'EM' " +
        "AND (axisRange IS NULL OR axisRange <= 0 OR overlap IS NULL OR overlap <> 0)",
      [before["DataCollection"]],
    ),
  ).toEqual([{ n: 0 }]);
}

async function expectVisits(db: TestDatabase, before: LastIds, atLeast: number): Promise<void> {
  const rows = await db.query<{ proposal: string; visit: string; beamline: string; folder: string }>(
    "SELECT DISTINCT CONCAT(proposalCode, proposalNumber) AS proposal, " +
      "CONCAT(proposalCode, proposalNumber, '-', visit_number) AS visit, beamLineName AS beamline, " +
      "imageDirectory AS folder FROM DataCollection JOIN DataCollectionGroup USING (dataCollectionGroupId) " +
      "JOIN BLSession ON BLSession.sessionId = DataCollectionGroup.sessionId JOIN Proposal USING (proposalId) " +
      "WHERE BLSession.sessionId > ?",
    [before["BLSession"]],
  );
  expect(new Set(rows.map(({ visit }) => visit)).size).toBeGreaterThanOrEqual(atLeast);
  for (const { proposal, visit, beamline, folder } of rows) {
    expect(proposal).toMatch(proposalPattern);
    for (const pattern of visitPatterns) expect(visit).toMatch(pattern);
    const [, , where, , year, named] = folder.split("/");
    expect([where, named], folder).toEqual([beamline, visit]);
    expect(year).toMatch(/^20\d\d$/);
  }
}
