import { addColumn, addForeignKey, addIndex, column, key, migration } from "../src/steps/define.ts";

export default migration({
  why:
    "A program run refers to the run whose results it continues from. Deleting that run keeps this one and clears the " +
    "reference. It is not ON DELETE CASCADE, because that fails within one table after twenty rows (error 1296).",
  upstream: ["2026_01_27_AutoProcProgram_parentAutoProcProgramId.sql"],
  steps: [
    addColumn(
      "AutoProcProgram",
      column("parentAutoProcProgramId", "int unsigned", { comment: "The run that this one goes on from" }),
    ),
    addIndex("AutoProcProgram", key("AutoProcProgram_fk_parentAutoProcProgramId", "parentAutoProcProgramId")),
    addForeignKey("AutoProcProgram", {
      name: "AutoProcProgram_fk_parentAutoProcProgramId",
      columns: ["parentAutoProcProgramId"],
      parent: { table: "AutoProcProgram", columns: ["autoProcProgramId"] },
      onDelete: { whereCascading: "SET NULL" },
    }),
  ],
});
