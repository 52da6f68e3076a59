/** The tables that generated jobs are written into, parents first, and the columns that they fill. */
import { identifyingColumns } from "../../story/kinds.ts";

export const tables = {
  Person: ["personId", "givenName", "familyName", "login", "recordTimeStamp"],
  Proposal: [
    "proposalId",
    "personId",
    "proposalCode",
    "proposalNumber",
    "proposalType",
    "title",
    "state",
    "bltimeStamp",
  ],
  Protein: ["proteinId", "proposalId", "name", "acronym", "bltimeStamp"],
  Crystal: ["crystalId", "proteinId", "name", "spaceGroup", "recordTimeStamp"],
  BLSession: [
    "sessionId",
    "proposalId",
    "visit_number",
    "beamLineName",
    "startDate",
    "endDate",
    "lastUpdate",
    "bltimeStamp",
  ],
  BLSample: ["blSampleId", "crystalId", "name", "location", "blSampleStatus", "recordTimeStamp"],
  DataCollectionGroup: ["dataCollectionGroupId", "sessionId", "blSampleId", "experimentType", "startTime", "endTime"],
  DataCollection: [
    "dataCollectionId",
    "dataCollectionGroupId",
    "sessionId",
    "blSampleId",
    "dataCollectionNumber",
    "startTime",
    "endTime",
    "runStatus",
    "startImageNumber",
    "numberOfImages",
    "axisStart",
    "axisEnd",
    "axisRange",
    "overlap",
    "exposureTime",
    "wavelength",
    "resolution",
    "imageDirectory",
    "imagePrefix",
    "imageSuffix",
    "fileTemplate",
  ],
  ProcessingJob: [
    "processingJobId",
    "dataCollectionId",
    "displayName",
    "comments",
    "recordTimestamp",
    "recipe",
    "automatic",
  ],
  ProcessingJobParameter: ["processingJobParameterId", "processingJobId", "parameterKey", "parameterValue"],
  ProcessingJobImageSweep: [
    "processingJobImageSweepId",
    "processingJobId",
    "dataCollectionId",
    "startImage",
    "endImage",
  ],
  AutoProcProgram: [
    "autoProcProgramId",
    "processingJobId",
    "dataCollectionId",
    "processingPipelineId",
    "parentAutoProcProgramId",
    "processingPrograms",
    "processingCommandLine",
    "processingStatus",
    "processingMessage",
    "processingStartTime",
    "processingEndTime",
    "processingEnvironment",
    "recordTimeStamp",
  ],
  AutoProcProgramAttachment: [
    "autoProcProgramAttachmentId",
    "autoProcProgramId",
    "fileType",
    "fileName",
    "filePath",
    "importanceRank",
    "recordTimeStamp",
  ],
  AutoProcProgramMessage: [
    "autoProcProgramMessageId",
    "autoProcProgramId",
    "severity",
    "message",
    "description",
    "recordTimeStamp",
  ],
  AutoProc: [
    "autoProcId",
    "autoProcProgramId",
    "spaceGroup",
    "refinedCell_a",
    "refinedCell_b",
    "refinedCell_c",
    "refinedCell_alpha",
    "refinedCell_beta",
    "refinedCell_gamma",
    "recordTimeStamp",
  ],
  AutoProcScaling: ["autoProcScalingId", "autoProcId", "recordTimeStamp"],
  AutoProcIntegration: [
    "autoProcIntegrationId",
    "autoProcProgramId",
    "dataCollectionId",
    "startImageNumber",
    "endImageNumber",
    "anomalous",
    "recordTimeStamp",
  ],
  AutoProcScaling_has_Int: [
    "autoProcScaling_has_IntId",
    "autoProcScalingId",
    "autoProcIntegrationId",
    "recordTimeStamp",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type TableName = keyof typeof tables;

/** Parents before children. */
export const tableNames = Object.keys(tables) as readonly TableName[];

export type GeneratedValue = string | number | null;

/** A cell for each column but the first, which is the id. */
export type CellsAfterKey<T extends TableName> = CellsOf<Tail<(typeof tables)[T]>>;

type Tail<C extends readonly unknown[]> = C extends readonly [unknown, ...infer Rest] ? Rest : never;
type CellsOf<C extends readonly unknown[]> = { readonly [N in keyof C]: GeneratedValue };

/** A number for each table: a count of rows, or the next id. */
export type PerTable = Record<TableName, number>;

export function perTable(number: (table: TableName) => number): PerTable {
  return Object.fromEntries(tableNames.map((table) => [table, number(table)])) as PerTable;
}

/** The id column. */
export function idColumn(table: TableName): string {
  return identifyingColumns(table)[0] ?? "";
}
