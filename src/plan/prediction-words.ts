/** What is known of a statement's duration, in words. */
import { formatBytes } from "../bytes.ts";
import type { TableSize } from "../model.ts";
import type { Basis } from "./predict.ts";

/** "less than 1 s", "about 12 s", "about 90 min" */
export function duration(seconds: number): string {
  if (seconds < 1) return "less than 1 s";
  return seconds < 600 ? `about ${Math.round(seconds)} s` : `about ${Math.round(seconds / 60)} min`;
}

/** "from a rehearsal on 1.9 million rows (2.1 million here)" */
export function formatBasis(basis: Basis, here: TableSize): string {
  const amount = amounts(basis, here);
  if (basis.from === "rehearsal")
    return `from a rehearsal ${basis.onOneServer === true ? "on a single server, " : ""}on ${amount}`;
  const { migration, number } = basis.step ?? { migration: "", number: 0 };
  return `from the journal: ${migration} step ${number} took ${basis.seconds.toFixed(1)} s on ${basis.table}, ${amount}`;
}

// --- internal ---

/** By what the table has grown most: see `ratio`. */
function amounts({ bytes, rows, work }: Basis, here: TableSize): string {
  if (work !== "fill" && here.bytes / bytes > here.rows / rows)
    return `${formatBytes(bytes)} (${formatBytes(here.bytes)} here)`;
  const isLarge = Math.max(rows, here.rows) >= 1_000_000;
  return isLarge
    ? `${millions(rows)} million rows (${millions(here.rows)} million here)`
    : `${rows.toLocaleString("en")} rows (${here.rows.toLocaleString("en")} here)`;
}

function millions(rows: number): string {
  return (rows / 1_000_000).toLocaleString("en", { maximumFractionDigits: 1 });
}
