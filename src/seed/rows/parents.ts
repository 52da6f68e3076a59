/**
 * Parent column per table. A row is identified by its id and its parent, because ids restart when a table is dropped
 * and recreated.
 */
import { readColumnNames } from "../../catalog/column-names.ts";
import type { Db } from "../../db/db.ts";
import { tableOrder } from "../story/kinds.ts";

/** The existing tables, each with the column that refers to its parent, if it has one. */
export interface Parents {
  has(table: string): boolean;
  of(table: string): string | undefined;
}

/** Tables and columns that were dropped meanwhile are left out. */
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

/** Persons have no parent; a key that contains the parent needs no further column. */
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
