/** The pipelines of this database: a facility may have its own names. */
import type { Db } from "../../db/db.ts";
import { type Catalog, findTable } from "../../model.ts";

export const pipelineTable = "ProcessingPipeline";

/** Ids by name; the first one of a repeated name. */
export async function readPipelines(db: Db, catalog: Catalog): Promise<ReadonlyMap<string, number>> {
  if (findTable(catalog, pipelineTable) === undefined) return new Map();
  const rows = await db.rows<{ id: number; name: string }>(
    `SELECT processingPipelineId AS id, name FROM ${pipelineTable} ORDER BY processingPipelineId DESC`,
  );
  return new Map(rows.map((row) => [row.name, Number(row.id)]));
}
