import { basename } from "node:path";
import { type Server, formatNode } from "../catalog/server.ts";
import { comment } from "../script-forms.ts";
import { shellWord } from "../shell-word.ts";
import { toolName, version } from "../version.ts";
import { allowOrphans } from "./orphans.ts";

export interface Origin {
  readonly database: string;
  readonly server: Server;
  /** By the clock of the server, in UTC: 2026-11-23T07:10:04Z. */
  readonly when: string;
}

/** The comment at the head of the file while `down` runs, and if it was killed: origin, and how to restore it. */
export function head(path: string, origin: Origin): string {
  return commented([
    ...about(path, origin),
    "The file has one part for each step that deleted data. Each part is applied completely or not at all.",
    "It was not finished: whether the rows that it refers to still exist is not checked.",
    ...aboutRows,
  ]);
}

/** The same of a finished file. */
export function finalHead(path: string, origin: Origin): string {
  const { file, client } = commandsOf(path, origin);
  return commented([
    ...about(path, origin),
    "The file is applied completely or not at all. If rows would refer to rows that no longer exist, it names them and",
    "restores nothing. Restore those rows first; or, to restore in spite of that:",
    `  (echo 'SET ${allowOrphans} = 1;'; ${file}) | ${client}`,
    "",
    ...aboutRows,
  ]);
}

// --- internal ---

function about(path: string, origin: Origin): string[] {
  const { database, server, when } = origin;
  const { file, client } = commandsOf(path, origin);
  return [
    `Rows saved by \`down\` of ${toolName} ${version} before it deleted them`,
    `database  ${database}`,
    `server    ${server.dialect.product} on ${formatNode(server.node)}`,
    `when      ${when}, by the clock of the server`,
    "",
    "To restore them, create the tables again with `up`, then run this file with the MariaDB or MySQL client:",
    `  ${file} | ${client}`,
    "",
  ];
}

const aboutRows = [
  "Rows are inserted. If you run the file a second time, it stops at the first row that already exists.",
  "Column values are set in existing rows with the same primary key.",
  "If you have several files, run the newest first: it inserts the rows, and older files set columns of these rows.",
];

function commandsOf(path: string, { database }: Origin) {
  return { file: `zcat ${shellWord(basename(path))}`, client: `mysql ${shellWord(database)}` };
}

function commented(lines: readonly string[]): string {
  return `${lines.map(comment).join("\n")}\n\n`;
}
