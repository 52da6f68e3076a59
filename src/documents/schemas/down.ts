import { z } from "zod";
import type { DownDocument } from "../down.ts";
import { exactly } from "./exactly.ts";
import { count, name, notVisible, number, place, sql, title } from "./parts.ts";

const made = z.enum(["done", "adopted"]).meta({
  id: "made",
  description:
    "`done`: created by this tool, and undone. `adopted`: already there when `up` came to it, or skipped; only its record is deleted",
});

const loss = z
  .strictObject({ what: z.string().describe("In the plural: rows of ProcessingJob"), rows: count })
  .meta({ id: "loss", description: "What is destroyed" });

/** What `down` and `plan --down` both say of a step. */
export const undone = {
  number,
  title,
  made,
  undoneWith: z
    .exactOptional(z.strictObject({ migration: name, number }))
    .describe("The later step whose statement undoes this one too"),
  loss: loss.nullable(),
  remains: z.string().nullable().describe("What stays behind"),
};

const step = z.strictObject({ ...undone, sql: sql.nullable() }).meta({ id: "downStep" });

export const repeatable = z
  .strictObject({
    name,
    made,
    sql: z.array(sql),
    remains: z.string().nullable().describe("What is not as before"),
  })
  .meta({ id: "downRepeatable", description: "A procedure, a row of SchemaStatus, or the privileges of a role" });

export const down = exactly<DownDocument>()(
  z.strictObject({
    ...place,
    everything: z.boolean().describe("Nothing that is recorded remains; the tool's own tables are gone too"),
    repeatables: z.array(repeatable),
    migrations: z
      .array(z.strictObject({ name, steps: z.array(step) }).meta({ id: "downMigration" }))
      .describe("Newest first"),
    mentions: z
      .array(z.string())
      .describe("Objects of the facility whose text mentions what was removed: event nightly mentions ProcessingJob"),
    notVisible,
    undone: z.array(name).describe("The migrations that were undone, the newest first"),
    saved: z.string().nullable().describe("The file with the rows that were lost"),
  }),
);
