import type { LexicalModes } from "../db/db.ts";
import { redact } from "../db/redact.ts";
import { MigrateError } from "../errors.ts";
import { plural } from "../plural.ts";
import { shortenStatement } from "../shorten-statement.ts";
import type { ScriptFile } from "./base.ts";
import { DatabaseNames } from "./databases.ts";
import { Lexer } from "./lexer.ts";
import { LineJoiner } from "./lines.ts";
import { openScript } from "./open-script.ts";
import type { ScriptPart } from "./script-part.ts";

/** A statement of a base, and where it comes from. */
export interface ScriptStatement {
  readonly file: string;
  readonly line: number;
  /** The statement's bytes, one character each (latin1), as the server receives them. `startOf` is for people. */
  readonly bytes: string;
}

export interface ReadOptions {
  /** How the server reads the next statement; it is asked before each one. */
  readonly modes?: () => LexicalModes;
  /** A longer statement is refused: the server's `max_allowed_packet`. */
  readonly longest?: number;
  /** Told of what is left out or mapped. */
  readonly report?: (line: string) => void;
}

/** No server takes more, and it is a little less than the longest string. */
const LONGEST = 500_000_000;

/** The statements of a script; each is read when it is asked for. Throws BASE_INVALID. */
export async function* readScript(
  file: ScriptFile,
  { modes, longest = LONGEST, report }: ReadOptions,
): AsyncGenerator<ScriptStatement> {
  const names = new DatabaseNames();
  const joiner = new LineJoiner();
  const lexer = new Lexer();
  function* statementsOf(parts: Generator<ScriptPart>): Generator<ScriptStatement> {
    if (modes !== undefined) lexer.modes = modes();
    for (const part of parts) {
      const statement = sendable(file, part, names, report);
      if (statement !== undefined && statement.bytes.length >= longest) throw tooLong(file, statement.line, longest);
      if (statement !== undefined) yield statement;
      if (modes !== undefined) lexer.modes = modes();
    }
  }
  for await (const chunk of openScript(file)) {
    for (const line of joiner.read(chunk)) {
      yield* statementsOf(lexer.read(line));
      if (lexer.size >= longest) throw tooLong(file, lexer.line, longest);
    }
    // A long line may hold several statements.
    if (joiner.size >= 4 * longest) throw tooLong(file, lexer.line, longest);
  }
  for (const line of joiner.end()) yield* statementsOf(lexer.read(line));
  yield* statementsOf(lexer.end());
}

/** The beginning of a statement, for a person. */
export function startOf({ bytes }: ScriptStatement): string {
  return shortenStatement(redact(Buffer.from(bytes.slice(0, READ), "latin1").toString("utf8")));
}

// --- internal ---

/** Bytes of a statement in which its beginning is looked for. */
const READ = 2_000;

/** What the server gets of a piece, if anything. */
function sendable(
  file: ScriptFile,
  { sql, line, command }: ScriptPart,
  names: DatabaseNames,
  report: ReadOptions["report"],
): ScriptStatement | undefined {
  if (command !== undefined) throw clientOnly(file, command.line, command.text);
  if (sql === "") return undefined;
  const statement = { file: file.name, line, bytes: sql };
  if (/^load\s+(?:data|xml)\b[^]{0,100}?\blocal\b/i.test(sql)) throw clientOnly(file, line, startOf(statement));
  const mapped = names.map(sql);
  if (mapped === "sent") return statement;
  if (typeof mapped === "object" && "other" in mapped) throw otherDatabase(statement, names.name ?? "", mapped.other);
  const sent = mapped === "left out" ? "not sent" : `sent as ${mapped.instead}`;
  report?.(
    `${file.name}:${line}: ${startOf(statement)}: ${sent}: the script is loaded into the target database instead of ${names.name ?? ""}`,
  );
  return mapped === "left out" ? undefined : { ...statement, bytes: mapped.instead };
}

function clientOnly(file: ScriptFile, line: number, command: string): MigrateError {
  return new MigrateError("BASE_INVALID", `${file.name} has a command of the stock client, which no server knows`, {
    where: `${file.name}:${line}`,
    found: command,
    wanted: "SQL statements, and DELIMITER at the beginning of a line",
    next: "remove the command from the script; if it reads another script (`source`), give that script with its own --base, in the right order",
  });
}

function otherDatabase(statement: ScriptStatement, first: string, other: string): MigrateError {
  return new MigrateError("BASE_INVALID", `${statement.file} changes more than one database`, {
    where: `${statement.file}:${statement.line}`,
    found: `${startOf(statement)}: database ${other}, after ${first}`,
    wanted: "a script of one database, whose name does not matter",
    next: `dump one database: mariadb-dump --routines --triggers ${first}`,
  });
}

function tooLong(file: ScriptFile, line: number, longest: number): MigrateError {
  return new MigrateError("BASE_INVALID", `a statement of ${file.name} is too long for the server`, {
    where: `${file.name}:${line}`,
    found: `a statement of ${plural(longest, "byte")} or more`,
    wanted: "a statement shorter than the server's max_allowed_packet",
    next: [
      "start the server with a larger max_allowed_packet (at most 1G)",
      "or make the dump with shorter statements: mariadb-dump --net-buffer-length=1M",
    ],
  });
}
