/** A .sql file as a migration: each statement is a step, cut as the stock client cuts it. */
import { readFile } from "node:fs/promises";
import type { ScriptPart } from "../base/script-part.ts";
import { split } from "../base/split-script.ts";
import { redact } from "../db/redact.ts";
import { MigrateError, messageOf } from "../errors.ts";
import type { Next } from "../hint.ts";
import { plural } from "../plural.ts";
import type { MigrationSource } from "../steps/define.ts";
import { shortenStatement } from "../shorten-statement.ts";
import type { SqlStatement } from "../steps/step.ts";
import { onlineOf, refusalOf } from "./assert-statement.ts";
import type { MigrationFile } from "./folder.ts";
import { knownOf } from "./probe-of.ts";
import { wordsOf } from "./sql-words.ts";

/** With the way back, if `back`, the file NAME.down.sql, is there. Throws CONFIGURATION with file and line. */
export async function readSqlFile({ path }: MigrationFile, back: string | undefined): Promise<MigrationSource> {
  const text = await readUtf8(path);
  const forth = statementsOf(path, text);
  if (forth.length === 0) throw rejected(path, undefined, "no statement", "write one, or remove the file");
  const undos = back === undefined ? undefined : statementsOf(back, await readUtf8(back)).toReversed();
  if (back !== undefined && undos?.length !== forth.length) {
    throw rejected(
      back,
      undefined,
      `${plural(undos?.length ?? 0, "statement")}, and ${path} has ${forth.length}`,
      "write one for each: the first undoes the last of the .sql, and so on. Where nothing has to be undone, write: DO 0;",
    );
  }
  const steps = forth.map((statement, at): SqlStatement => {
    const undo = undos?.[at];
    return { ...stepOf(statement), ...(undo === undefined ? {} : { undo: undo.sent }) };
  });
  return { why: firstComment(text) ?? "SQL of the facility", upstream: [], steps };
}

// --- internal ---

interface Statement {
  readonly words: string;
  readonly sent: {
    readonly sql: string;
    /** What the SET statements before it in the file say. */
    readonly session?: Readonly<Record<string, string>>;
  };
}

function stepOf({ words, sent }: Statement): SqlStatement {
  const online = onlineOf(words);
  const known = knownOf(words);
  return {
    kind: "sqlStatement",
    ...sent,
    ...known,
    ...(online === undefined || known.table === undefined ? {} : { online }),
  };
}

/** The statements that run; a SET of a session variable is a property of those behind it. */
function statementsOf(file: string, text: string): Statement[] {
  const session: Record<string, string> = {};
  const statements: Statement[] = [];
  for (const { sql, line, command } of split(text)) {
    if (command !== undefined) refuseCommand(file, command);
    if (sql === "") continue;
    const setting = settingOf(sql);
    if (setting !== undefined) {
      session[setting.name] = setting.value;
      continue;
    }
    const words = wordsOf(sql);
    const refusal = refusalOf(words) ?? (/^SET\b/i.test(words) ? otherSet : undefined);
    if (refusal !== undefined) throw rejected(file, line, `${shortenStatement(sql)}: ${refusal.problem}`, refusal.next);
    statements.push({ words, sent: Object.keys(session).length === 0 ? { sql } : { sql, session: { ...session } } });
  }
  return statements;
}

const otherSet = {
  problem: "only SET name = value is known, with one session variable and a plain value",
  next: "write one SET for each variable, or remove it",
};

function settingOf(sql: string): { readonly name: string; readonly value: string } | undefined {
  const set =
    /^SET\s+(?:SESSION\s+|LOCAL\s+|@@(?:SESSION\.|LOCAL\.)?)?(?<name>[a-z_]+)\s*:?=\s*(?<value>'(?:[^'\\]|'')*'|[\w.-]+)$/i;
  const { name, value } = set.exec(sql)?.groups ?? {};
  return name === undefined || value === undefined ? undefined : { name: name.toLowerCase(), value };
}

function refuseCommand(file: string, command: NonNullable<ScriptPart["command"]>): never {
  throw rejected(
    file,
    command.line,
    `${command.text}: a command of the stock client, which no server knows`,
    "remove it; only DELIMITER at the beginning of a line is known",
  );
}

/** The comment at the beginning says why, as in a .ts file. */
function firstComment(text: string): string | undefined {
  const lines = /^(?:\u{FEFF})?(?:[ \t]*--[ \t][^\n]*(?:\n|$))+/u.exec(text)?.[0].split("\n") ?? [];
  const words = lines
    .map((line) => line.replace(/^[\s\u{FEFF}]*--\s*/u, "").trim())
    .join(" ")
    .trim();
  return words === "" ? undefined : words;
}

async function readUtf8(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    throw rejected(path, undefined, messageOf(cause), `iconv -f latin1 -t UTF-8 FILE   # the file has to be UTF-8`);
  }
}

function rejected(file: string, line: number | undefined, problem: string, next: Next | readonly Next[]): MigrateError {
  return new MigrateError("CONFIGURATION", `${file} cannot be used`, {
    where: line === undefined ? file : `${file}:${line}`,
    found: redact(problem),
    done: "nothing was changed",
    next,
  });
}
