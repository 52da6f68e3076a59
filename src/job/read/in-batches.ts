import { placeholders } from "../../sql.ts";

/** Values in one IN (…): well below what any server takes in a statement. */
const BATCH = 1000;

/** Rows of a query about many values, read batch by batch; `list` is its `?, ?, ?`. */
export async function inBatches<V, R>(
  values: readonly V[],
  ask: (batch: readonly V[], list: string) => Promise<R[]>,
): Promise<R[]> {
  const rows: R[] = [];
  for (let at = 0; at < values.length; at += BATCH) {
    const batch = values.slice(at, at + BATCH);
    rows.push(...(await ask(batch, placeholders(batch))));
  }
  return rows;
}
