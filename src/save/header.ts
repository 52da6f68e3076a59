import { basename } from "node:path";
import type { Server } from "../catalog/server.ts";
import { shellWord } from "../db/client-command.ts";
import { comment } from "../script-forms.ts";
import { toolName, version } from "../version.ts";

export interface Origin {
  readonly database: string;
  readonly server: Server;
  /** By the clock of the server, in UTC: 2026-11-23T07:10:04Z. */
  readonly when: string;
}

/** What the one who opens this file some day has to know of it. */
export function head(path: string, { database, server, when }: Origin): string {
  const lines = [
    `Rows that \`down\` of ${toolName} ${version} was about to destroy`,
    `database  ${database}`,
    `server    ${server.dialect.product}, ${server.node}`,
    `when      ${when}, by the clock of the server`,
    "",
    "To bring them back, make the tables again with `up`, then run this file by the client of either vendor:",
    `  zcat ${shellWord(basename(path))} | mysql ${shellWord(database)}`,
    "",
    "It has one part for each step that destroyed something. A part is done as a whole or not at all.",
    "Rows are inserted; run a second time, the file stops at the first row that is there already.",
    "Values of columns are set in the rows that have the same primary key, if they are still there;",
    "where several files belong together, the newest goes first, so that rows come before their values.",
  ];
  return `${lines.map(comment).join("\n")}\n\n`;
}
