import { leaveBehind, migration } from "../src/steps/define.ts";

export default migration({
  why:
    "Processing jobs were called Reprocessing for some weeks of 2017. Tables left over from then are shown and never " +
    "dropped. A program that still refers to a job there is reported, so that a person can look at it.",
  // The upstream script drops the tables.
  upstream: [],
  steps: [
    leaveBehind(["ReprocessingImageSweep", "ReprocessingParameter", "Reprocessing"], {
      table: "AutoProcProgram",
      name: "reprocessingId",
    }),
  ],
});
