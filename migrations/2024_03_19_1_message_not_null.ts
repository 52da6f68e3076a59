import { changeColumn, column, fillNulls, migration } from "../src/steps/define.ts";

export default migration({
  why:
    "Clients rely on a message's severity and time, and pull request 36 allowed NULL for both. Rows without a severity " +
    "become INFO. Rows without a time get the time of their program, otherwise 1970-01-02, a visible placeholder.",
  upstream: ["2024_03_19_AutoProcProgramMessage_severity_not_null.sql"],
  steps: [
    fillNulls("AutoProcProgramMessage", "severity", { literal: "'INFO'" }),
    fillNulls("AutoProcProgramMessage", "recordTimeStamp", {
      literal: "'1970-01-02'",
      from: { table: "AutoProcProgram", column: "recordTimeStamp", by: "autoProcProgramId" },
    }),
    changeColumn("AutoProcProgramMessage", column("severity", "enum('ERROR','WARNING','INFO')", { nullable: false })),
    changeColumn(
      "AutoProcProgramMessage",
      column("recordTimeStamp", "timestamp", { nullable: false, default: "current_timestamp()" }),
    ),
  ],
});
