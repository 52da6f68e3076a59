/**
 * How long a statement will work: what was measured for the same statement on a copy (`--rehearsal`), or for such a one on
 * this server (the journal), in proportion to the table. Otherwise it is unknown: there is no speed that all servers have.
 */
import type { Server } from "../catalog/server.ts";
import { type TableSize, sameName } from "../model.ts";
import type { Entry } from "../state/journal.ts";
import { type Measured, type Work, parseMeasured } from "../state/measured.ts";
import type { Statement } from "../steps/contract.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** Rows from which a table counts as large: below, a statement is over before others notice. */
export const LARGE = 10_000;

/** What is known of other runs. */
export interface Evidence {
  readonly rehearsal?: Rehearsal;
  readonly journal: readonly Entry[];
}

/** What a prediction rests on. */
export interface Basis extends Measured {
  readonly from: "rehearsal" | "journal";
  /** Of the journal: the step. */
  readonly step?: { readonly migration: string; readonly number: number };
  /** The copy was on a single server, and this is a cluster. */
  readonly onOneServer?: true;
}

export type Prediction =
  /** Without a basis it does not grow with rows: an instant. */
  { readonly seconds: number; readonly basis?: Basis } | { readonly seconds?: undefined; readonly unknown: string };

/** `size`: of the table that it reads, undefined if that does not exist yet. */
export function predict(
  statement: Statement,
  size: TableSize | undefined,
  server: Server,
  evidence: Evidence,
): Prediction {
  if (isLock(statement)) return { unknown: "rows are saved meanwhile" };
  if (statement.reads === undefined || size === undefined) return { seconds: 0 };
  const here = sizeOfWork(statement, size);
  const known = [...rehearsed(statement, server, evidence), ...recorded(statement, server, evidence, here)];
  for (const basis of known) {
    const times = ratio(basis, here);
    if (times <= FARTHEST) return { seconds: basis.seconds * times, basis };
  }
  return { unknown: reason(known, evidence) };
}

/** LOCK TABLES: others wait until its end, and not only while it is sent. */
export function isLock({ sql }: Statement): boolean {
  return /^\s*LOCK\b/i.test(sql);
}

export function workOf({ clause, fill, online, rebuilds }: Statement): Work {
  if (fill !== undefined) return "fill";
  if (online === undefined) return "other";
  if (online.algorithm === "COPY") return "copy";
  if (rebuilds === true) return "rebuild";
  return clause?.verb === "ADD" ? "key" : "other";
}

/** Of a fill, the rows that get a value; of anything else, those of the table. */
export function sizeOfWork({ fill }: Statement, { bytes, rows }: TableSize): TableSize {
  return { rows: fill?.rows ?? rows, bytes };
}

// --- internal ---

/** What was measured on a small table says nothing of one that is more times as large as this. */
const FARTHEST = 10;

/** How many times as much there is to do: rows may have grown, and so may the table under them. */
function ratio({ bytes, rows, work }: Measured, here: TableSize): number {
  const ofRows = here.rows / rows;
  return work === "fill" ? ofRows : Math.max(ofRows, here.bytes / bytes);
}

function rehearsed({ sql }: Statement, { cluster }: Server, { rehearsal }: Evidence): Basis[] {
  const same = rehearsal?.statements.find((each) => each.sql === sql);
  if (rehearsal === undefined || same === undefined) return [];
  const { sql: _, ...measured } = same;
  return [{ ...measured, from: "rehearsal", ...(cluster && !rehearsal.cluster ? { onOneServer: true } : {}) }];
}

/** Those of the same kind that this server has done: of the same table first, then of the one that is most like it. */
function recorded(statement: Statement, { cluster, node }: Server, { journal }: Evidence, here: TableSize): Basis[] {
  const work = workOf(statement);
  if (work === "other") return [];
  const all = journal.flatMap((entry): Basis[] => {
    const measured = entry.state === "done" ? parseMeasured(entry.measured) : undefined;
    if (measured?.work !== work || (measured.node !== node && !cluster)) return [];
    const { node: _, ...rest } = measured;
    return [{ ...rest, from: "journal", step: { migration: entry.migration, number: entry.step } }];
  });
  const isOther = ({ table }: Basis) => (sameName(table, statement.reads ?? "") ? 0 : 1);
  const distance = (basis: Basis) => Math.abs(Math.log(ratio(basis, here)));
  return all.toSorted((a, b) => isOther(a) - isOther(b) || distance(a) - distance(b));
}

function reason([best]: readonly Basis[], { rehearsal }: Evidence): string {
  if (best?.from === "rehearsal") return `the rehearsal had only ${best.rows.toLocaleString("en")} rows`;
  return rehearsal === undefined ? "it was not rehearsed" : `${rehearsal.file} does not have this statement`;
}
