import { z } from "zod";
import type { UpDocument } from "../up.ts";
import { exactly } from "./exactly.ts";
import { name, notVisible, notices, number, place, reads, sql } from "./parts.ts";

const statement = z
  .strictObject({
    sql,
    steps: z.array(z.strictObject({ migration: name, number })).describe("The steps that it made"),
    work: z.enum(["copy", "rebuild", "key", "fill", "other"]).describe("What the server did to the table"),
    seconds: z.number().min(0).describe("Without the waits for locks"),
    reads: reads.nullable().describe("As it was before; of a fill, the rows that got a value"),
  })
  .meta({ id: "upStatement" });

export const up = exactly<UpDocument>()(
  z.strictObject({
    ...place,
    recorded: z.array(name).describe("The migrations that this run recorded"),
    repeatables: z.array(name).describe("The procedures, rows of SchemaStatus and privileges that followed"),
    statements: z
      .array(statement)
      .describe("What was sent for migrations, and how long it worked: a file for --rehearsal"),
    notices,
    notVisible,
  }),
);
