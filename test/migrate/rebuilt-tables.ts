/**
 * A database in which `up` fills rows in several batches and rebuilds tables: pull requests 35 and 36 were run by hand,
 * two tables have FULLTEXT keys, and one is compressed.
 */
import { jobOfProgram, jobRows, jobTables, messageRows, messageTable } from "../adoption/pull-requests.ts";
import type { TestDatabase } from "../support/servers.ts";

/** Each doubles the messages: those that it adds have no time. */
const more = Array.from(
  { length: 7 },
  () =>
    "INSERT INTO AutoProcProgramMessage (autoProcProgramId, recordTimeStamp, severity, message) " +
    "SELECT autoProcProgramId, NULL, severity, message FROM AutoProcProgramMessage",
);

const forms = [
  "ALTER TABLE AutoProcProgram ADD FULLTEXT KEY words (processingMessage)",
  "ALTER TABLE AutoProcProgramMessage ADD FULLTEXT KEY words (message)",
  "ALTER TABLE AutoProcProgramAttachment ROW_FORMAT=COMPRESSED",
];

/** 2,560 messages: more than one batch of them has no severity, and several have no time. */
export async function withRebuiltTables(db: TestDatabase): Promise<void> {
  const table = messageTable({ time: "NULL", charset: "DEFAULT CHARSET=latin1" });
  const rows = Array.from({ length: 5 }, () => messageRows);
  for (const sql of [...jobTables, ...jobRows, jobOfProgram, table, ...rows, ...more, ...forms]) await db.query(sql);
}

/** All that fills change, in one value. */
export async function filledRows(db: TestDatabase): Promise<unknown> {
  return db.query(
    "SELECT severity, recordTimeStamp, COUNT(*) AS n FROM AutoProcProgramMessage GROUP BY severity, recordTimeStamp ORDER BY 1, 2",
  );
}
