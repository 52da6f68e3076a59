import { addColumn, column, migration } from "../src/steps/define.ts";

export default migration({
  why: "Old files are deleted and their rows stay. ispyb-api 11.0.0 and newer use this column in every query of attachments.",
  upstream: ["2024_12_04_AutoProcProgramAttachment_deleted.sql"],
  steps: [
    addColumn(
      "AutoProcProgramAttachment",
      column("deleted", "tinyint(1)", { default: "0", comment: "1: the file is gone" }),
    ),
  ],
});
