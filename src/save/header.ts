import { basename } from "node:path";
import { type Server, formatNode } from "../catalog/server.ts";
import { comment } from "../script-forms.ts";
import { shellWord } from "../shell-word.ts";
import { toolName, version } from "../version.ts";
import { oneLine } from "./literals.ts";
import { allowOrphans } from "./orphans.ts";

export interface Origin {
  readonly database: string;
  readonly server: Server;
  /** By the clock of the server, in UTC: 2026-11-23T07:10:04Z. */
  readonly when: string;
}

/** The comment at the head of a file: origin, and how to restore it. */
export function head(path: string, origin: Origin): string {
  return commented([
    ...about(path, origin),
    ...aboutLost(path, origin),
    `If a file ${lastName(path)} is beside this one, \`down\` was killed: that file holds what was deleted last.`,
    ...bothFiles,
    "",
    ...aboutRows,
  ]);
}

/** The same for the rows that `down` is about to delete, which are in the file at `path` once they are deleted. */
export function lastHead(path: string, origin: Origin): string {
  const last = lastOf(path);
  return commented([
    ...about(last, origin),
    ...aboutLost(last, origin),
    "`down` was killed before it could say whether it deleted these rows. If they are still in their table, this file stops",
    "at the first of them and changes nothing: then it is not needed.",
    `If a file ${basename(path)} is beside this one, it holds what was deleted before.`,
    ...bothFiles,
    "",
    ...aboutRows,
  ]);
}

/** The path of the file with what is deleted last. */
export function lastOf(path: string): string {
  return path.replace(/\.sql\.gz$/, ".last.sql.gz");
}

/** The end of a file while `down` runs, and if it was killed: what a person sees who restores it. */
export function note(path: string): string {
  const words = `down was killed: if there is a file ${lastName(path)}, restore it, too; its first lines say how`;
  return `SELECT ${oneLine(words)} AS \`not complete\`;\n`;
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

function aboutLost(path: string, origin: Origin): string[] {
  const { file, client } = commandsOf(path, origin);
  return [
    "The file is applied completely or not at all. If a row refers to a row that no longer exists, or a value belongs to a row",
    "that no longer exists, the file prints which and restores nothing. Restore those rows first; or, to restore the others",
    "in spite of that:",
    `  (echo 'SET ${allowOrphans} = 1;'; ${file}) | ${client}`,
    "",
  ];
}

function lastName(path: string): string {
  return basename(lastOf(path));
}

/** The order of the two files that a killed `down` leaves. */
const bothFiles = [
  "Run the file without .last first, then the .last file. If the first stops at rows without a parent or values without",
  "a row: run the .last file first, then the other.",
];

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
