import { column, createTable, key, migration, parent, primary, serial } from "../src/steps/define.ts";

export default migration({
  why: "While they run, programs report errors, warnings and information, each as a row.",
  upstream: ["2022_10_06_AutoProcProgramMessage.sql"],
  steps: [
    createTable("AutoProcProgramMessage", {
      comment: "What a program had to say",
      columns: [
        serial("autoProcProgramMessageId"),
        column("autoProcProgramId", "int unsigned"),
        column("recordTimeStamp", "timestamp", {
          nullable: false,
          default: "current_timestamp()",
          accepts: { nullable: true },
        }),
        column("severity", "enum('ERROR','WARNING','INFO')", { nullable: false, accepts: { nullable: true } }),
        column("message", "varchar(200)", { comment: "One line" }),
        column("description", "text", { comment: "As many lines as it takes" }),
      ],
      indexes: [primary("autoProcProgramMessageId"), key("AutoProcProgramMessage_fk1", "autoProcProgramId")],
      foreignKeys: [
        {
          name: "AutoProcProgramMessage_fk1",
          ...parent("AutoProcProgram", "autoProcProgramId"),
          onDelete: { whereCascading: "CASCADE" },
        },
      ],
    }),
  ],
});
