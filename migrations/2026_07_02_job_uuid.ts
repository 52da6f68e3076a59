import { addColumn, column, migration } from "../src/steps/define.ts";

export default migration({
  why: "ispyb-api from 12.1.1 on names this column in every query of AutoProcProgram and fails without it.",
  upstream: ["2026_07_02_AutoProcProgram_jobUuid.sql"],
  steps: [
    addColumn(
      "AutoProcProgram",
      // Upstream's script exists in two versions under one name; the earlier one made a MariaDB uuid.
      column("jobUuid", "binary(16)", {
        accepts: { types: ["uuid"] },
        comment: "Identifier of the batch or cluster job",
      }),
    ),
  ],
});
