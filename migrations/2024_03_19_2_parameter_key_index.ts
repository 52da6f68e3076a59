import { addIndex, key, migration } from "../src/steps/define.ts";

export default migration({
  why: "SynchWeb finds jobs by a parameter, such as the scaling that a job started from.",
  upstream: ["2024_03_19_ProcessingJobParameter_index.sql"],
  steps: [
    addIndex(
      "ProcessingJobParameter",
      key("ProcessingJobParameter_idx_paramKey_procJobId", "parameterKey", "processingJobId"),
    ),
  ],
});
