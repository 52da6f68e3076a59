/** The pipelines of this very database: a facility may have names of its own. */
import type { Db } from "../../db/db.ts";
import { type Catalog, findTable } from "../../model.ts";

export const pipelineTable = "ProcessingPipeline";

/** Ids by name; of several with one name the first. */
export async function readPipelines(db: Db, catalog: Catalog): Promise<ReadonlyMap<string, number>> {
  if (findTable(catalog, pipelineTable) === undefined) return new Map();
  const rows = await db.rows<{ id: number; name: string }>(
    `SELECT processingPipelineId AS id, name FROM ${pipelineTable} ORDER BY processingPipelineId DESC`,
  );
  return new Map(rows.map((row) => [row.name, Number(row.id)]));
}
