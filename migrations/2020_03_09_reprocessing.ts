import { leaveBehind, migration } from "../src/steps/define.ts";

export default migration({
  why:
    "Processing jobs were called Reprocessing for some weeks of 2017. What is left of that is shown, and never " +
    "dropped; a program that still names a job there has to be looked at by a person.",
  // Upstream's script drops the tables.
  upstream: [],
  steps: [
    leaveBehind(["ReprocessingImageSweep", "ReprocessingParameter", "Reprocessing"], {
      table: "AutoProcProgram",
      name: "reprocessingId",
    }),
  ],
});
