/**
 * What `up` may not touch, told by the raw driver: every row, and every word of a table but for the few that our
 * migrations are about. Nothing of src/ takes part.
 */
import type { TestDatabase } from "../../support/servers.ts";

/** What the facility's own triggers write. */
export const LOG = "FacilityLog";

type Rows = Readonly<Record<string, readonly string[]>>;
export interface Holdings {
  /** Names of columns by table. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly rows: Rows;
}

/** NULLs of these columns get a value from `up`, and keep it. */
export const filled: Readonly<Record<string, readonly string[]>> = {
  AutoProcProgramMessage: ["severity", "recordTimeStamp"],
};
/** `up` adds rows to these: lookup rows, and the facility's own list of scripts, which it also completes. */
const added = new Set(["ProcessingPipeline", "ProcessingPipelineCategory", LOG]);
const ledger = "SchemaStatus";

/** Every row of every table, with the columns that are not computed; of `like` only the columns that it has. */
export async function holdingsOf(db: TestDatabase, like?: Holdings): Promise<Holdings> {
  const listed = await db.query<{ t: string; c: string }>(
    "SELECT c.TABLE_NAME AS t, c.COLUMN_NAME AS c FROM information_schema.COLUMNS AS c JOIN information_schema.TABLES AS t " +
      "USING (TABLE_SCHEMA, TABLE_NAME) WHERE c.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') " +
      "ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION",
  );
  const columns =
    like?.columns ??
    Object.fromEntries([...Map.groupBy(listed, ({ t }) => t)].map(([t, list]) => [t, list.map(({ c }) => c)]));
  const rows: Record<string, string[]> = {};
  for (const [table, names] of Object.entries(columns)) {
    if (table === ledger || !listed.some(({ t }) => t === table)) continue;
    const list = names.map((name) => `\`${name}\``).join(", ");
    const found = await db.query(`SELECT ${list} FROM \`${table}\``);
    rows[table] = found.map((row) => JSON.stringify(row)).toSorted();
  }
  return { columns, rows };
}

/** What of the rows is gone or different; nothing where `up` kept to its own. */
export function lostRows(before: Holdings, after: Holdings): string[] {
  return Object.entries(before.rows).flatMap(([table, rows]) => {
    const now = after.rows[table];
    if (now === undefined) return [`table ${table} is gone`];
    const bare = (list: readonly string[]) =>
      (filled[table] === undefined ? list : withoutFilled(table, list)).toSorted();
    const [was, is] = [bare(rows), bare(now)];
    const left = [...is];
    const gone = was.filter((row) => {
      const at = left.indexOf(row);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    const more = added.has(table) ? [] : left;
    return [
      ...gone.slice(0, 2).map((row) => `${table} lost ${row}`),
      ...more.slice(0, 2).map((row) => `${table} got ${row}`),
    ];
  });
}

function withoutFilled(table: string, rows: readonly string[]): string[] {
  return rows.map((row) => {
    const parsed = JSON.parse(row) as Record<string, unknown>;
    for (const column of filled[table] ?? []) delete parsed[column];
    return JSON.stringify(parsed);
  });
}

/** Columns whose type, NULL and default our migrations are about. */
const about = [
  "AutoProcProgramAttachment.fileType",
  "AutoProcProgramMessage.severity",
  "AutoProcProgramMessage.recordTimeStamp",
  "ProcessingJobParameter.parameterValue",
];

/** What of the definitions is gone or different, line for line of SHOW CREATE. */
export function lostWords(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  return Object.entries(before).flatMap(([object, text]) => {
    if (/^(?:rows|AUTO_INCREMENT) of /.test(object) || object === "database" || isOurProcedure(object)) return [];
    const now = after[object];
    if (now === undefined) return [`${object} is gone`];
    if (now === text) return [];
    if (!object.startsWith("TABLE ")) return [`${object} is now ${now} and was ${text}`];
    const table = object.slice("TABLE ".length);
    const there = new Set(linesOf(now).map((line) => essence(table, line)));
    return linesOf(text)
      .filter((line) => !there.has(essence(table, line)))
      .map(
        (line) =>
          `${object} lost the line ${line}; of that name: ${
            linesOf(now)
              .filter((each) => nameOf(each) === nameOf(line))
              .join("; ") || "none"
          }`,
      );
  });
}

function linesOf(shown: string): string[] {
  return shown
    .replace(/ AUTO_INCREMENT=\d+/, "")
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
}

function nameOf(line: string): string {
  return /`[^`]+`/.exec(line)?.[0] ?? line;
}

/** The line without what our migrations change in it. */
function essence(table: string, line: string): string {
  // Delete rules follow the database, under the name that the key gets by that.
  if (line.startsWith("CONSTRAINT"))
    return line.replace(/^CONSTRAINT `[^`]+`/, "CONSTRAINT").replace(/ ON DELETE (?:CASCADE|SET NULL)/, "");
  const column = about.find((each) => each === `${table}.${/^`([^`]+)`/.exec(line)?.[1]}`);
  if (column === undefined) return line;
  return line
    .replace(/ enum\((?:'[^']*',?)*\)| varchar\(\d+\)/, "")
    .replace(/ DEFAULT (?:NULL|current_timestamp\(\)|CURRENT_TIMESTAMP)/, "")
    .replace(/ NOT NULL| NULL/, "");
}

const ours = /^(?:retrieve|upsert|create)_processing_/;

function isOurProcedure(object: string): boolean {
  return object.startsWith("PROCEDURE ") && ours.test(object.slice("PROCEDURE ".length));
}
