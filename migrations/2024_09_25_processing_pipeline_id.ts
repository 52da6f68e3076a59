import { addColumn, column, migration } from "../src/steps/define.ts";

export default migration({
  why: "A program run knows its pipeline. ispyb-api from 11.0.0 on names this column in every query of AutoProcProgram.",
  upstream: ["2024_09_25_AutoProcProgram_processingPipelineId.sql"],
  // No foreign key, as upstream: workers may write an id before the pipeline has its row.
  steps: [
    addColumn(
      "AutoProcProgram",
      column("processingPipelineId", "int unsigned", { comment: "The pipeline that this run belongs to" }),
    ),
  ],
});
