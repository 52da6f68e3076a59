/** Columns of tables that are not ours, in other forms. */
import { type Change, harmless } from "./change.ts";
import { modify, other, wider } from "./forms.ts";

const [program, attachment] = ["AutoProcProgram", "AutoProcProgramAttachment"] as const;

export const theirColumns: readonly Change[] = [
  ...wider(
    program,
    "processingPrograms",
    "varchar(1024)",
    "text",
    "varchar(255) CHARACTER SET utf8mb4",
    "varchar(255) NOT NULL DEFAULT ''",
  ),
  ...wider(program, "processingCommandLine", "mediumtext", "varchar(255) INVISIBLE"),
  ...wider(
    program,
    "processingMessage",
    "varchar(1000) COMMENT 'the last word'",
    "varchar(255) CHECK (length(processingMessage) < 300)",
  ),
  ...wider(program, "recordTimeStamp", "datetime(6)", "timestamp NULL DEFAULT current_timestamp"),
  ...wider(
    program,
    "processingStatus",
    "enum('RUNNING','FAILED','SUCCESS','0','1','ABORTED')",
    "enum('QUEUED','RUNNING','FAILED','SUCCESS','0','1')",
  ),
  ...wider(
    attachment,
    "fileType",
    "enum('Log','Result','Graph','Picture')",
    "enum('Picture','Log','Result','Graph')",
    "enum('Log','Result','Graph','Debug')",
    "enum('Log','Result','Graph','Input','Debug')",
    "enum('Log','Result','Graph') NOT NULL DEFAULT 'Log'",
    "enum('Log','Result','Graph') CHARACTER SET utf8mb4 DEFAULT NULL",
    "enum('Log','Result','Graph') COMMENT 'it''s the type'",
    "enum('Log','Result','Graph') INVISIBLE",
    "enum('Log','Result','Graph','Debug','Input') COLLATE latin1_bin",
    "varchar(20)",
    "char(10) NOT NULL DEFAULT 'Log'",
  ),
  harmless(`${attachment}.fileType enum with a CHECK of its own`, {
    mariadb: modify(attachment, "fileType")("enum('Log','Result','Graph') CHECK (fileType <> 'x')"),
  }),
  ...other(attachment, "fileType", "set('Log','Result','Graph')", "int", "enum('Log','Result','Graph','DEBUG')"),
  ...wider(attachment, "filePath", "varchar(1024)", "text"),
  ...wider(attachment, "autoProcProgramId", "int unsigned NOT NULL COMMENT 'parent'"),
];
