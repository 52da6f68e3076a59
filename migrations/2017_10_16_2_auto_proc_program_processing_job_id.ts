import { addColumn, addForeignKey, addIndex, column, key, migration, parent } from "../src/steps/define.ts";

export default migration({
  why: "A program run refers to the job that asked for it. Deleting a job keeps its results and clears the reference.",
  upstream: ["2022_10_06_ProcessingJob.sql"],
  steps: [
    addColumn(
      "AutoProcProgram",
      column("processingJobId", "int unsigned", { comment: "The job that this run belongs to" }),
    ),
    addIndex("AutoProcProgram", key("AutoProcProgram_FK2", "processingJobId")),
    addForeignKey("AutoProcProgram", {
      name: "AutoProcProgram_FK2",
      ...parent("ProcessingJob", "processingJobId"),
      onDelete: { whereCascading: "SET NULL" },
    }),
  ],
});
