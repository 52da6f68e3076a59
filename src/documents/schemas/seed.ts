import { z } from "zod";
import type { GenerateDocument } from "../generate.ts";
import type { RemoveDocument, SeedDocument, StoryListDocument } from "../seed.ts";
import { exactly } from "./exactly.ts";
import { count, place } from "./parts.ts";

const story = z.string().describe("The name of the story, or of the generated jobs");

export const seedList = exactly<StoryListDocument>()(
  z.strictObject({
    stories: z.array(z.strictObject({ name: z.string(), title: z.string() }).meta({ id: "story" })),
  }),
);

const row = z
  .strictObject({ label: z.string().describe("As the story names it"), table: z.string(), id: z.int().nullable() })
  .meta({ id: "seededRow" });

const outcome = z
  .strictObject({
    story,
    inserted: count,
    updated: count,
    removed: count,
    kept: count.describe("Rows that were left as they are"),
    leftOut: z.array(z.string()).describe("Columns that this database does not have"),
    movedFrom: z
      .exactOptional(z.string())
      .describe("The file that wrote its rows before, if this is the same story in another place"),
    at: z.string().describe("What times count from, by the server's clock"),
    rows: z.array(row),
  })
  .meta({ id: "seededStory" });

export const seed = exactly<SeedDocument>()(z.strictObject({ ...place, stories: z.array(outcome) }));

export const seedRemove = exactly<RemoveDocument>()(
  z.strictObject({
    ...place,
    stories: z.array(z.strictObject({ story, removed: count.describe("Rows") }).meta({ id: "removedStory" })),
  }),
);

export const seedGenerate = exactly<GenerateDocument>()(
  z.strictObject({
    ...place,
    name: z.string().describe("By which `seed remove` knows the jobs"),
    at: z.string().describe("No generated time is later; by the server's clock"),
    jobs: count,
    already: count.describe("Jobs that an earlier run had written"),
    there: count.describe("Jobs that are in the database now"),
    firstJob: count.describe("The id of the first job"),
    lastJob: count.describe("The id of the last job"),
    rows: z.record(z.string(), count).describe("The number of rows by table"),
  }),
);
