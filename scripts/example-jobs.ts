import type { Db } from "../src/db/db.ts";

interface ExampleJob {
  readonly dataCollectionId: number;
  readonly displayName: string;
  readonly recipe: string;
  readonly comments: string | null;
  readonly automatic: 0 | 1;
  readonly parameters: readonly (readonly [key: string, value: string])[];
  readonly sweeps: readonly (readonly [dataCollectionId: number, startImage: number, endImage: number])[];
}

/** Data collections 1 to 3 of the base are of its first sample, 4 to 6 of its second; each has images 1–1100. */
const examples: readonly ExampleJob[] = [
  {
    dataCollectionId: 4,
    displayName: "xia2 DIALS",
    recipe: "xia2-dials",
    comments: "two crystals together",
    automatic: 0,
    parameters: [
      ["d_min", "1.8"],
      ["spacegroup", "P43212"],
      ["unit_cell", "78.9,78.9,36.9,90,90,90"],
    ],
    sweeps: [
      [4, 1, 1100],
      [3, 1, 1100],
    ],
  },
  {
    dataCollectionId: 6,
    displayName: "Tomogram Reconstruction",
    recipe: "em-tomo-align-reproc",
    comments: null,
    automatic: 1,
    parameters: [
      ["pix_size", "1.63"],
      ["manual_tilt_offset", "5"],
    ],
    sweeps: [],
  },
];

/** Inserts the examples as plain rows and gives back their numbers. */
export async function exampleJobs(db: Db): Promise<number[]> {
  const ids: number[] = [];
  for (const job of examples) {
    await db.run(
      "INSERT INTO ProcessingJob (dataCollectionId, displayName, recipe, comments, automatic) VALUES (?, ?, ?, ?, ?)",
      [job.dataCollectionId, job.displayName, job.recipe, job.comments, job.automatic],
    );
    const [row] = await db.rows<{ id: number }>("SELECT LAST_INSERT_ID() AS id");
    const id = Number(row?.id);
    for (const [key, value] of job.parameters) {
      await db.run(
        "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES (?, ?, ?)",
        [id, key, value],
      );
    }
    for (const [dataCollectionId, startImage, endImage] of job.sweeps) {
      await db.run(
        "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (?, ?, ?, ?)",
        [id, dataCollectionId, startImage, endImage],
      );
    }
    ids.push(id);
  }
  return ids;
}
