import { z } from "zod";
import type { PlanDownDocument } from "../plan-down.ts";
import { repeatable, undone } from "./down.ts";
import { exactly } from "./exactly.ts";
import { name, notVisible, place, sql } from "./parts.ts";
import { statement } from "./plan.ts";

const sent = z
  .strictObject({
    why: z.exactOptional(z.string()).describe("What it is for, if it only prepares or ends the undo"),
    saves: z.boolean().describe("The rows that would be lost are saved right after it"),
    ...statement,
  })
  .meta({ id: "planDownStatement" });

const step = z
  .strictObject({ ...undone, statements: z.array(sent).describe("In the order in which they are sent") })
  .meta({ id: "planDownStep" });

export const planDown = exactly<PlanDownDocument>()(
  z.strictObject({
    ...place,
    everything: z.boolean().describe("Nothing that is recorded remains; the tool's own tables are dropped too"),
    repeatables: z.array(repeatable),
    migrations: z
      .array(z.strictObject({ name, steps: z.array(step) }).meta({ id: "planDownMigration" }))
      .describe("Newest first"),
    toolTables: z.array(sql).describe("The statements that drop the tool's own tables"),
    mentions: z
      .array(z.string())
      .describe("Objects of the facility whose text mentions what is removed: event nightly mentions ProcessingJob"),
    notVisible,
    saveTo: z.string().describe("The folder for the file with the rows that would be lost"),
  }),
);
