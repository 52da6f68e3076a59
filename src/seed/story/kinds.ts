/**
 * What a story may hold, as data: the JSON Schema, the check of a file and the rows all come from here.
 * Columns have ISPyB's own names; a reference to another row of the story has a plain word instead.
 */
import type { Kind, KindName } from "./kind.ts";

const cell = {
  cell_a: "number",
  cell_b: "number",
  cell_c: "number",
  cell_alpha: "number",
  cell_beta: "number",
  cell_gamma: "number",
} as const;

const statuses = ["RUNNING", "SUCCESS", "FAILED"] as const;

/** Parents before children: rows are written in this order and deleted in reverse. */
export const kinds: Readonly<Record<KindName, Kind>> = {
  persons: {
    table: "Person",
    key: "personId",
    one: "a person",
    about: "A person who leads a proposal",
    columns: { givenName: "text", familyName: "text", login: "text", emailAddress: "text" },
    parents: {},
    stamp: "recordTimeStamp",
  },
  proposals: {
    table: "Proposal",
    key: "proposalId",
    one: "a proposal",
    about: "A proposal with granted beam time",
    columns: { proposalCode: "text", proposalNumber: "code", proposalType: "text", title: "text", state: "text" },
    parents: { person: { of: "persons", column: "personId", required: true, about: "Its principal investigator" } },
    stamp: "bltimeStamp",
  },
  sessions: {
    table: "BLSession",
    key: "sessionId",
    one: "a session",
    about: "A visit to a beamline",
    columns: {
      visit_number: "whole",
      beamLineName: "text",
      startDate: "time",
      endDate: "time",
      beamLineOperator: "text",
      scheduled: "flag",
      nbShifts: "whole",
      comments: "text",
      lastUpdate: "time",
    },
    parents: { proposal: { of: "proposals", column: "proposalId", required: true } },
    stamp: "bltimeStamp",
  },
  proteins: {
    table: "Protein",
    key: "proteinId",
    one: "a protein",
    about: "The protein of a sample",
    columns: { name: "text", acronym: "text", safetyLevel: "text" },
    parents: { proposal: { of: "proposals", column: "proposalId", required: true } },
    stamp: "bltimeStamp",
  },
  crystals: {
    table: "Crystal",
    key: "crystalId",
    one: "a crystal",
    about: "A crystal form of a protein",
    columns: { name: "text", spaceGroup: "text", ...cell, comments: "text" },
    parents: { protein: { of: "proteins", column: "proteinId", required: true } },
    stamp: "recordTimeStamp",
  },
  samples: {
    table: "BLSample",
    key: "blSampleId",
    one: "a sample",
    about: "A sample that is measured",
    columns: { name: "text", code: "text", location: "code", blSampleStatus: "text", comments: "text" },
    parents: { crystal: { of: "crystals", column: "crystalId" } },
    stamp: "recordTimeStamp",
  },
  sampleGroups: {
    table: "BLSampleGroup",
    key: "blSampleGroupId",
    one: "a sample group",
    about: "Samples that belong together",
    columns: { name: "text" },
    parents: { proposal: { of: "proposals", column: "proposalId" } },
  },
  dataCollectionGroups: {
    table: "DataCollectionGroup",
    key: "dataCollectionGroupId",
    one: "a data collection group",
    about: "Data collections of one experiment",
    columns: { experimentType: "text", startTime: "time", endTime: "time", comments: "text" },
    parents: {
      session: { of: "sessions", column: "sessionId", required: true },
      sample: { of: "samples", column: "blSampleId" },
    },
  },
  dataCollections: {
    table: "DataCollection",
    key: "dataCollectionId",
    one: "a data collection",
    about: "A series of images; its group gives its sample and session",
    columns: {
      dataCollectionNumber: "whole",
      startTime: "time",
      endTime: "time",
      runStatus: "text",
      startImageNumber: "whole",
      numberOfImages: "whole",
      axisStart: "number",
      axisEnd: "number",
      axisRange: "number",
      overlap: "number",
      rotationAxis: "text",
      exposureTime: "number",
      wavelength: "number",
      resolution: "number",
      detectorDistance: "number",
      xBeam: "number",
      yBeam: "number",
      transmission: "number",
      flux: "number",
      imageDirectory: "text",
      imagePrefix: "text",
      imageSuffix: "text",
      fileTemplate: "text",
      voltage: "number",
      magnification: "number",
      imageSizeX: "whole",
      imageSizeY: "whole",
      pixelSizeOnImage: "number",
      totalExposedDose: "number",
      comments: "text",
    },
    parents: { group: { of: "dataCollectionGroups", column: "dataCollectionGroupId", required: true } },
  },
  jobs: {
    table: "ProcessingJob",
    key: "processingJobId",
    one: "a job",
    about: "A request to process a data collection",
    columns: { displayName: "text", comments: "text", recipe: "text", automatic: "flag" },
    parents: {
      dataCollection: {
        of: "dataCollections",
        column: "dataCollectionId",
        required: true,
        about: "The primary data collection",
      },
    },
    stamp: "recordTimestamp",
  },
  parameters: {
    table: "ProcessingJobParameter",
    key: "processingJobParameterId",
    one: "a parameter",
    about: "A setting of the processing",
    columns: {},
    parents: {},
  },
  sweeps: {
    table: "ProcessingJobImageSweep",
    key: "processingJobImageSweepId",
    one: "a sweep",
    about: "A range of images of a data collection, both ends included",
    columns: { startImage: "whole", endImage: "whole" },
    needs: ["startImage", "endImage"],
    parents: {
      dataCollection: {
        of: "dataCollections",
        column: "dataCollectionId",
        required: true,
        about: "The data collection of the images; it may differ from the data collection of the job",
      },
    },
  },
  programs: {
    table: "AutoProcProgram",
    key: "autoProcProgramId",
    one: "a program",
    about: "A run of a program for the job; without status and start time it is queued",
    columns: {
      processingPrograms: "text",
      processingCommandLine: "text",
      processingStatus: statuses,
      processingMessage: "text",
      processingStartTime: "time",
      processingEndTime: "time",
      processingEnvironment: "text",
    },
    parents: {
      parent: { of: "programs", column: "parentAutoProcProgramId", about: "The program that produced its input" },
    },
    stamp: "recordTimeStamp",
  },
  messages: {
    table: "AutoProcProgramMessage",
    key: "autoProcProgramMessageId",
    one: "a message",
    about: "A message of the program",
    columns: { severity: ["INFO", "WARNING", "ERROR"], message: "text", description: "text" },
    needs: ["severity"],
    parents: {},
    stamp: "recordTimeStamp",
  },
  attachments: {
    table: "AutoProcProgramAttachment",
    key: "autoProcProgramAttachmentId",
    one: "an attachment",
    about: "A file that the program read or wrote",
    columns: {
      fileType: ["Log", "Result", "Graph", "Debug", "Input"],
      fileName: "text",
      filePath: "text",
      importanceRank: "whole",
      deleted: "flag",
    },
    parents: {},
    stamp: "recordTimeStamp",
  },
  autoProcs: {
    table: "AutoProc",
    key: "autoProcId",
    one: "a unit cell",
    about: "The refined unit cell",
    columns: {
      spaceGroup: "text",
      refinedCell_a: "number",
      refinedCell_b: "number",
      refinedCell_c: "number",
      refinedCell_alpha: "number",
      refinedCell_beta: "number",
      refinedCell_gamma: "number",
    },
    parents: {},
    stamp: "recordTimeStamp",
  },
  results: {
    table: "AutoProcScaling",
    key: "autoProcScalingId",
    one: "a result",
    about: "Scaled data (AutoProcScaling), with the refined unit cell (AutoProc) and the integrations",
    columns: {},
    parents: {},
    stamp: "recordTimeStamp",
  },
  integrations: {
    table: "AutoProcIntegration",
    key: "autoProcIntegrationId",
    one: "an integration",
    about: "The integrated images of the result",
    columns: {
      startImageNumber: "whole",
      endImageNumber: "whole",
      refinedDetectorDistance: "number",
      refinedXBeam: "number",
      refinedYBeam: "number",
      ...cell,
      anomalous: "flag",
    },
    parents: { dataCollection: { of: "dataCollections", column: "dataCollectionId", required: true } },
    stamp: "recordTimeStamp",
  },
  resultIntegrations: {
    table: "AutoProcScaling_has_Int",
    key: "autoProcScaling_has_IntId",
    one: "an integration of a result",
    about: "The integrations that a result is based on",
    columns: {},
    parents: {},
    stamp: "recordTimeStamp",
  },
};

/** The one table without an id of its own: which samples a group has. */
export const memberTable = "BLSampleGroup_has_BLSample";

/** The sections at the top of a story, in the order of its rows; other kinds are nested in jobs and programs. */
export const sections = [
  "persons",
  "proposals",
  "sessions",
  "proteins",
  "crystals",
  "samples",
  "sampleGroups",
  "dataCollectionGroups",
  "dataCollections",
  "jobs",
] as const satisfies readonly KindName[];

/** Every table that a story may write to, parents first. */
export const tableOrder: readonly string[] = Object.entries(kinds).flatMap(([name, { table }]) =>
  name === "sampleGroups" ? [table, memberTable] : [table],
);

/** Whether labels of this kind may be mapped to existing rows. */
export function isParent(kind: KindName): boolean {
  return kind !== "jobs" && (sections as readonly string[]).includes(kind);
}

const keys = new Map(Object.values(kinds).map(({ table, key }) => [table, [key]]));

/** The columns that identify a row. */
export function identifyingColumns(table: string): readonly string[] {
  return keys.get(table) ?? ["blSampleGroupId", "blSampleId"];
}
