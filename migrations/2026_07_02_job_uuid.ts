import { addColumn, column, migration } from "../src/steps/define.ts";

export default migration({
  why: "ispyb-api 12.1.1 and newer use this column in every query of AutoProcProgram, and fail without it.",
  upstream: ["2026_07_02_AutoProcProgram_jobUuid.sql"],
  steps: [
    addColumn(
      "AutoProcProgram",
      // The upstream script exists in two versions of one name; the earlier one used the type uuid of MariaDB.
      column("jobUuid", "binary(16)", {
        accepts: { types: ["uuid"] },
        comment: "Identifier of the batch or cluster job",
      }),
    ),
  ],
});
