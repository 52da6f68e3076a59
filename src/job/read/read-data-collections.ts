import type { Db } from "../../db/db.ts";
import type { DataCollection } from "../job.ts";
import { inBatches } from "./in-batches.ts";
import type { Shape } from "./shape.ts";

interface Row {
  readonly id: number;
  readonly first: number | null;
  readonly count: number | null;
  readonly sampleId: number | null;
  readonly sampleName: string | null;
}

/** The existing ones of these data collections, in this order. */
export async function readDataCollections(
  db: Db,
  shape: Shape,
  wanted: readonly (number | null)[],
): Promise<DataCollection[]> {
  if (!shape.has("DataCollection")) return [];
  const sample = sampleOf(shape);
  const ids = wanted.filter((id) => id !== null);
  const rows = await inBatches(ids, (batch, list) =>
    db.rows<Row>(
      `SELECT d.dataCollectionId AS id, ${shape.column("d", "DataCollection", "startImageNumber")} AS first, ` +
        `${shape.column("d", "DataCollection", "numberOfImages")} AS count, ` +
        `${sample} AS sampleId, ${shape.column("b", "BLSample", "name")} AS sampleName FROM DataCollection d ` +
        shape.join("DataCollectionGroup", "g", "g.dataCollectionGroupId = d.dataCollectionGroupId") +
        shape.join("BLSample", "b", `b.blSampleId = ${sample}`) +
        `WHERE d.dataCollectionId IN (${list})`,
      batch,
    ),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids
    .map((id) => byId.get(id))
    .filter((row) => row !== undefined)
    .map(dataCollection);
}

// --- internal ---

/** The data collection's own sample; without one, the sample of its group. */
function sampleOf(shape: Shape): string {
  const own = shape.column("d", "DataCollection", "blSampleId");
  return `COALESCE(${own}, ${shape.column("g", "DataCollectionGroup", "blSampleId")})`;
}

function dataCollection({ id, first, count, sampleId, sampleName }: Row): DataCollection {
  const start = first ?? 1;
  return {
    id,
    sample: sampleId === null ? null : { id: sampleId, name: sampleName },
    images: count === null || count < 1 ? null : { start, end: start + count - 1 },
  };
}
