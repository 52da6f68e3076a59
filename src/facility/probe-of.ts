/**
 * What can be asked about a statement afterwards, by the names in its first words: whether what it creates or adds is there. One
 * ALTER TABLE takes effect as a whole, so its first change speaks for all. For anything else there is no probe.
 */
import { unquoteId, text } from "../sql.ts";
import { columnProbe, tableProbe } from "../steps/probe.ts";
import type { SqlStatement } from "../steps/step.ts";
import { beginning } from "./sql-words.ts";

type Known = Pick<SqlStatement, "probe" | "table" | "creates">;

const GUARD = "(?: if not exists)?";
const DEFINER = "(?: definer ?= ?\\S+)?";
const ALTER = "alter(?: online)?(?: ignore)? table(?: if exists)? <table>";

interface Form {
  readonly words: RegExp;
  readonly known: (names: Readonly<Record<string, string>>) => Known;
}

const forms: readonly Form[] = [
  form(`create table${GUARD} <name>`, ({ name = "" }) => ({ creates: name, probe: probe(name, tableProbe(name)) })),
  form(`create(?: algorithm ?= ?\\w+)?${DEFINER}(?: sql security \\w+)? view${GUARD} <name>`, ({ name = "" }) => ({
    probe: probe(name, tableProbe(name)),
  })),
  form(`create${DEFINER}(?: aggregate)? (?:procedure|function)${GUARD} <name>`, ({ name = "" }) => ({
    probe: probe(name, inView("ROUTINES", "ROUTINE_SCHEMA", "ROUTINE_NAME", name)),
  })),
  form(`create${DEFINER} trigger${GUARD} <name>`, ({ name = "" }) => ({
    probe: probe(name, inView("TRIGGERS", "TRIGGER_SCHEMA", "TRIGGER_NAME", name)),
  })),
  form(`create${DEFINER} event${GUARD} <name>`, ({ name = "" }) => ({
    probe: probe(name, inView("EVENTS", "EVENT_SCHEMA", "EVENT_NAME", name)),
  })),
  form(`create(?: online)?(?: unique| fulltext| spatial)? index${GUARD} <name>(?: using \\w+)? on <table>`, ofIndex),
  form(`${ALTER} add(?: unique| fulltext| spatial)? (?:index|key)${GUARD} <name>`, ofIndex),
  form(`${ALTER} add constraint <name> (?:foreign|unique)`, ({ name = "", table = "" }) => ({
    table,
    probe: probe(name, inView("TABLE_CONSTRAINTS", "TABLE_SCHEMA", "CONSTRAINT_NAME", name, table)),
  })),
  form(
    `${ALTER} add(?: column)?(?:${GUARD} | ?\\( ?)(?!(?:constraint|primary|unique|index|key|foreign|fulltext|spatial|check|partition|period|system)\\b)<name>`,
    ({ name = "", table = "" }) => ({ table, probe: probe(name, columnProbe(table, name)) }),
  ),
  form(ALTER, ({ table = "" }) => ({ table })),
  form("drop index(?: if exists)? <name> on <table>", ({ table = "" }) => ({ table })),
];

/** The table that the statement alters or creates, and the probe that tells if it took effect. */
export function knownOf(words: string): Known {
  for (const { words: expression, known } of forms) {
    const names = expression.exec(words)?.groups;
    if (names !== undefined)
      return known(Object.fromEntries(Object.entries(names).map(([of, name]) => [of, plain(name)])));
  }
  return {};
}

// --- internal ---

function form(words: string, known: Form["known"]): Form {
  return { words: beginning(words), known };
}

function plain(name: string): string {
  return name.startsWith("`") ? unquoteId(name) : name;
}

function probe(object: string, sql: string) {
  return { object, sql };
}

function ofIndex({ name = "", table = "" }: Readonly<Record<string, string>>): Known {
  return { table, probe: probe(name, inView("STATISTICS", "TABLE_SCHEMA", "INDEX_NAME", name, table)) };
}

function inView(view: string, schema: string, column: string, name: string, table?: string): string {
  const ofTable = table === undefined ? "" : ` AND TABLE_NAME = ${text(table)}`;
  return `SELECT COUNT(*) AS n FROM information_schema.${view} WHERE ${schema} = DATABASE()${ofTable} AND ${column} = ${text(name)}`;
}
