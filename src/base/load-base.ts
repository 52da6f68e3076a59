import type { Db, SendBytes } from "../db/db.ts";
import { ServerError } from "../db/server-errors.ts";
import { MigrateError, appendOutcome } from "../errors.ts";
import { plural } from "../plural.ts";
import { id } from "../sql.ts";
import type { Base, ScriptFile } from "./base.ts";
import { baseFiles } from "./base-files.ts";
import { type ScriptStatement, readScript, startOf } from "./read-script.ts";

type Report = (line: string) => void;

/**
 * Loads bases into the connection's database, which must be empty, statement for statement as the stock client does: each
 * script in a session of the server's own settings. Throws CONFLICT if the database is not empty, BASE_INVALID for a script
 * that cannot be read, STATEMENT_FAILED for a statement that the server refuses; the database is then left as it is.
 */
export async function loadBase(db: Db, bases: Base | readonly Base[], report: Report = () => {}): Promise<void> {
  await requireEmpty(db);
  const [row] = await db.rows<{ longest: number }>("SELECT @@max_allowed_packet AS longest");
  const counter = { run: 0 };
  try {
    for (const base of typeof bases === "string" ? [bases] : bases) {
      const { files, leftOut } = await baseFiles(base);
      for (const line of leftOut) report(`left out: ${line}`);
      for (const file of files) {
        await db.asStockClient(async (send) => {
          await send("SET NAMES utf8mb4");
          // The real official schema has a zero date as a default, which some servers refuse; a dump says so itself.
          if (base === "official" || base === "diamond") await send("SET SESSION sql_mode = ''");
          await loadScript(send, file, { longest: Number(row?.longest), report, counter });
        });
      }
    }
  } catch (error) {
    throw appendOutcome(error, outcome(db, counter.run));
  }
}

// --- internal ---

interface Load {
  readonly longest: number;
  readonly report: Report;
  readonly counter: { run: number };
}

async function loadScript(send: SendBytes, file: ScriptFile, { longest, report, counter }: Load): Promise<void> {
  const before = counter.run;
  // The server answers with how it reads the next statement, and a script may change that.
  let modes = await send("DO 0");
  for await (const statement of readScript(file, { modes: () => modes, longest, report })) {
    try {
      modes = await send(statement.bytes);
    } catch (error) {
      throw error instanceof ServerError ? refused(statement, error) : error;
    }
    counter.run += 1;
  }
  report(`${file.name}: ${plural(counter.run - before, "statement")}`);
}

async function requireEmpty(db: Db): Promise<void> {
  const here = (table: string, column: string) =>
    `(SELECT COUNT(*) FROM information_schema.${table} WHERE ${column} = DATABASE())`;
  const [row] = await db.rows<{ objects: number }>(
    `SELECT ${here("TABLES", "TABLE_SCHEMA")} + ${here("ROUTINES", "ROUTINE_SCHEMA")} + ${here("EVENTS", "EVENT_SCHEMA")} AS objects`,
  );
  if (Number(row?.objects) === 0) return;
  throw new MigrateError("CONFLICT", `database ${db.database} is not empty: a base schema needs an empty one`, {
    where: db.database,
    found: `${plural(Number(row?.objects), "object")} (tables, views, routines and events)`,
    next: "use a new, empty database",
  });
}

function refused(statement: ScriptStatement, error: ServerError): MigrateError {
  return new MigrateError("STATEMENT_FAILED", `the server refused a statement of ${statement.file}`, {
    where: `${statement.file}:${statement.line}`,
    found: [`error ${error.code}: ${error.message}`, startOf(statement)],
    next: "correct the script, or use a server on which it loads",
    cause: error,
  });
}

function outcome(db: Db, run: number): string {
  if (run === 0) return `nothing was changed in database ${db.database}`;
  const ran = run === 1 ? "1 earlier statement" : `${run} earlier statements`;
  return `${ran} had already run; database ${db.database} stays as ${run === 1 ? "it" : "they"} left it. To remove it: DROP DATABASE ${id(db.database)};`;
}
