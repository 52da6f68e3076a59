import { changeDeleteRule, migration, parent } from "../src/steps/define.ts";

const cascade = { whereCascading: "CASCADE" } as const;
const setNull = { whereCascading: "SET NULL" } as const;

export default migration({
  why:
    "Pull requests 35 and 36 created every foreign key with ON DELETE RESTRICT. In a database that deletes children " +
    "with their parents, a session with jobs could then no longer be deleted. Results are never deleted with a job.",
  upstream: [],
  steps: [
    changeDeleteRule("ProcessingJob", {
      name: "ProcessingJob_fk_dataCollectionId",
      ...parent("DataCollection", "dataCollectionId"),
      onDelete: cascade,
    }),
    changeDeleteRule("ProcessingJobParameter", {
      name: "ProcessingJobParameter_fk_processingJobId",
      ...parent("ProcessingJob", "processingJobId"),
      onDelete: cascade,
    }),
    changeDeleteRule("ProcessingJobImageSweep", {
      name: "ProcessingJobImageSweep_fk_processingJobId",
      ...parent("ProcessingJob", "processingJobId"),
      onDelete: cascade,
    }),
    changeDeleteRule("ProcessingJobImageSweep", {
      name: "ProcessingJobImageSweep_fk_dataCollectionId",
      ...parent("DataCollection", "dataCollectionId"),
      onDelete: cascade,
    }),
    changeDeleteRule("AutoProcProgramMessage", {
      name: "AutoProcProgramMessage_fk_autoProcProgramId",
      ...parent("AutoProcProgram", "autoProcProgramId"),
      onDelete: cascade,
    }),
    changeDeleteRule("AutoProcProgram", {
      name: "AutoProcProgram_fk_processingJobId",
      ...parent("ProcessingJob", "processingJobId"),
      onDelete: setNull,
    }),
    changeDeleteRule("AutoProcProgram", {
      name: "AutoProcProgram_fk_parent",
      columns: ["parentAutoProcProgramId"],
      parent: { table: "AutoProcProgram", columns: ["autoProcProgramId"] },
      onDelete: setNull,
    }),
  ],
});
