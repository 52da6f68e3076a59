import { type DatabaseOptions, type Lane, type TestDatabase, upgradedDatabase } from "../support/servers.ts";

/**
 * The official base with our migrations, and two jobs: the first over all of a data collection of one
 * sample and all of one of the other, the second with nothing said about it.
 */
export async function officialWithJobs(lane: Lane, options: DatabaseOptions = {}): Promise<TestDatabase> {
  const db = await upgradedDatabase(lane, "official", options);
  await db.query(
    "INSERT INTO ProcessingJob (processingJobId, dataCollectionId, displayName, recipe, comments, automatic, recordTimestamp) VALUES " +
      "(1, 4, 'xia2 DIALS', 'xia2-dials', 'two crystals together', 0, '2026-02-03 14:00:00'), " +
      "(2, 1, NULL, NULL, NULL, NULL, '2026-02-04 14:00:00')",
  );
  await db.query(
    "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES " +
      "(1, 4, 1, 1100), (1, 3, 1, 1100)",
  );
  await db.query(
    "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES " +
      "(1, 'data', '/data/4.expt'), (1, 'd_min', '1.8'), (1, 'data', '/data/3.expt'), " +
      "(1, 'scaling_id', NULL), (1, 'program_id', 'None')",
  );
  return db;
}
