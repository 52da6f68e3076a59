import { addColumn, addForeignKey, addIndex, column, key, migration } from "../src/steps/define.ts";

export default migration({
  why:
    "A program run refers to the run whose results it continues from. Deleting that run keeps this one and clears the " +
    "reference. It is not ON DELETE CASCADE, because servers cascade through at most 15 rows of one table: a longer chain of runs " +
    "could not be deleted (error 1296 of MariaDB, 3008 of MySQL).",
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
