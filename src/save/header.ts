import { basename } from "node:path";
import { type Server, formatNode } from "../catalog/server.ts";
import { comment } from "../script-forms.ts";
import { shellWord } from "../shell-word.ts";
import { toolName, version } from "../version.ts";

export interface Origin {
  readonly database: string;
  readonly server: Server;
  /** By the clock of the server, in UTC: 2026-11-23T07:10:04Z. */
  readonly when: string;
}

/** The comment at the head of the file: origin, and how to restore it. */
export function head(path: string, { database, server, when }: Origin): string {
  const lines = [
    `Rows saved by \`down\` of ${toolName} ${version} before it deleted them`,
    `database  ${database}`,
    `server    ${server.dialect.product} on ${formatNode(server.node)}`,
    `when      ${when}, by the clock of the server`,
    "",
    "To restore them, create the tables again with `up`, then run this file with the MariaDB or MySQL client:",
    `  zcat ${shellWord(basename(path))} | mysql ${shellWord(database)}`,
    "",
    "The file has one part for each step that deleted data. Each part is applied completely or not at all.",
    "Rows are inserted. If you run the file a second time, it stops at the first row that already exists.",
    "Column values are set in existing rows with the same primary key.",
    "If you have several files, run the newest first: it inserts the rows, and older files set columns of these rows.",
  ];
  return `${lines.map(comment).join("\n")}\n\n`;
}
