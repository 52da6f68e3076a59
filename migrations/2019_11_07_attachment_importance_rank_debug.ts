import { addColumn, addEnumValue, column, migration } from "../src/steps/define.ts";

export default migration({
  why: "A program ranks its files by importance, and marks files that only help with debugging.",
  upstream: ["2019_11_07_AutoProcProgramAttachment_importanceRank.sql"],
  steps: [
    addColumn(
      "AutoProcProgramAttachment",
      column("importanceRank", "tinyint unsigned", {
        comment: "Of several files of one program and type, those with a higher number matter more",
      }),
    ),
    addEnumValue("AutoProcProgramAttachment", "fileType", "Debug"),
  ],
});
