import { addColumn, column, migration } from "../src/steps/define.ts";

export default migration({
  why: "A program run refers to its pipeline. ispyb-api 11.0.0 and newer use this column in every query of AutoProcProgram.",
  upstream: ["2024_09_25_AutoProcProgram_processingPipelineId.sql"],
  // No foreign key, as upstream: workers may write an id before the row of the pipeline exists.
  steps: [
    addColumn(
      "AutoProcProgram",
      column("processingPipelineId", "int unsigned", { comment: "The pipeline that this run belongs to" }),
    ),
  ],
});
