/** The statements of a plan that build a key or write a table anew, and the room that each needs meanwhile. */
import type { Dialect } from "../dialect/dialect.ts";
import { bytesInRow } from "../dialect/row-size.ts";
import { type Catalog, type TableSize, findColumn, findTable, primaryKeyParts } from "../model.ts";
import type { StepRef } from "../steps/step-ref.ts";
import type { AddIndex } from "../steps/step.ts";
import { absentSteps } from "./plan.ts";
import type { Plan } from "./read-plan.ts";

/** One such statement. Bytes are estimates: they begin with the server's own estimate of rows and sizes. */
export interface Build {
  readonly ref: StepRef;
  readonly table: string;
  readonly size: TableSize;
  /** How long it works, if that is known. */
  readonly seconds: number | undefined;
  /** Writes every row anew. */
  readonly rebuilds: boolean;
  /** Others may write meanwhile, so the server keeps a log of what they change. */
  readonly keepsLog: boolean;
  /** New bytes in the data directory, until the old table is gone. */
  readonly dataBytes: number;
  /** Bytes of temporary files, for sorting the entries of keys. */
  readonly temporaryBytes: number;
}

/** The builds of the pending steps, in order. */
export function buildsOf({ catalog, context, migrations, server }: Plan): Build[] {
  return absentSteps(migrations).flatMap((ref) => {
    const { statement, forecast } = ref;
    const { online } = statement ?? {};
    if (online === undefined || online.algorithm === "INSTANT" || forecast?.reads === undefined) return [];
    const { table, ...size } = forecast.reads;
    const { seconds } = forecast;
    const rebuilds = online.algorithm === "COPY" || ref.step.kind !== "addIndex";
    const keyBytes =
      ref.step.kind === "addIndex" ? size.rows * bytesOfEntry(context.catalog, ref.step, server.dialect) : 0;
    return [
      {
        ref,
        table: findTable(catalog, table)?.name ?? table,
        size,
        seconds,
        rebuilds,
        keepsLog: online.algorithm !== "COPY" && online.lock !== "SHARED",
        dataBytes: rebuilds ? size.bytes : keyBytes,
        temporaryBytes: keyBytes,
      },
    ];
  });
}

// --- internal ---

/** Header of an entry in a key, and what stays free in its pages, are less than this. */
const OWN_BYTES = 8;

/** The most bytes of an entry: a key keeps its columns, and the primary key of the row. */
function bytesOfEntry(catalog: Catalog, { index, table: name }: AddIndex, dialect: Dialect): number {
  const table = findTable(catalog, name);
  if (table === undefined) return OWN_BYTES;
  const columns = new Set([...index.parts, ...primaryKeyParts(table)].map(({ column }) => column));
  const kept = [...columns].flatMap((column) => findColumn(table, column) ?? []);
  return kept.reduce((sum, column) => sum + bytesInRow(column, dialect), OWN_BYTES);
}
