/**
 * Whose child a row is. Ids are given anew where a table was dropped and made again, and then a row that was made
 * is known by its id and its parent together.
 */
import { readColumnNames } from "../../catalog/column-names.ts";
import type { Db } from "../../db/db.ts";
import { tableOrder } from "../story/kinds.ts";

/** The tables that are there, each with the column that names the parent, where it has one. */
export interface Parents {
  has(table: string): boolean;
  of(table: string): string | undefined;
}

/** What was taken down meanwhile took its rows and columns along. */
export async function readParentColumns(db: Db): Promise<Parents> {
  const tables = await readColumnNames(db, tableOrder);
  return {
    has: (table) => tables.has(table.toLowerCase()),
    of(table) {
      const owner = owners[table];
      const columns = tables.get(table.toLowerCase());
      return owner !== undefined && columns?.has(owner.toLowerCase()) === true ? owner : undefined;
    },
  };
}

// --- internal ---

/** Persons are nobody's; where the key itself says it, nothing else has to. */
const owners: Readonly<Record<string, string>> = {
  Proposal: "personId",
  BLSession: "proposalId",
  Protein: "proposalId",
  Crystal: "proteinId",
  BLSample: "crystalId",
  BLSampleGroup: "proposalId",
  DataCollectionGroup: "sessionId",
  DataCollection: "dataCollectionGroupId",
  ProcessingJob: "dataCollectionId",
  ProcessingJobParameter: "processingJobId",
  ProcessingJobImageSweep: "processingJobId",
  AutoProcProgram: "processingJobId",
  AutoProcProgramAttachment: "autoProcProgramId",
  AutoProcProgramMessage: "autoProcProgramId",
  AutoProc: "autoProcProgramId",
  AutoProcScaling: "autoProcId",
  AutoProcIntegration: "autoProcProgramId",
  AutoProcScaling_has_Int: "autoProcScalingId",
};
