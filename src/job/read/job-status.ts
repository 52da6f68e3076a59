/**
 * The status of the program `p` as one of our words. The column is an enum of words and digits in one
 * flavour and a number in the other; as text both compare alike. A program with a start time and no status
 * is running, and so is one with a value that an enum could not hold.
 */
export const statusOf =
  "CASE WHEN CAST(p.processingStatus AS CHAR) IN ('SUCCESS', '1') THEN 'success' " +
  "WHEN CAST(p.processingStatus AS CHAR) IN ('FAILED', '0') THEN 'failed' " +
  "WHEN CAST(p.processingStatus AS CHAR) = 'RUNNING' OR p.processingStartTime IS NOT NULL THEN 'running' " +
  "ELSE 'queued' END";

/** Joins the newest program `p` of the job `j`: the last run decides the status of a job. */
export const joinNewestProgram =
  "LEFT JOIN AutoProcProgram p ON p.autoProcProgramId = " +
  "(SELECT MAX(autoProcProgramId) FROM AutoProcProgram WHERE processingJobId = j.processingJobId) ";
