import { z } from "zod";
import type { PlanDocument } from "../plan.ts";
import { exactly } from "./exactly.ts";
import {
  count,
  late,
  migrationState,
  name,
  number,
  place,
  reads,
  repeatableState,
  sql,
  title,
  verdict,
} from "./parts.ts";

const waits = z
  .strictObject({ table: z.string(), who: z.enum(["users", "writers", "cascades"]) })
  .meta({ id: "waits" });

const basis = z
  .strictObject({
    from: z.enum(["rehearsal", "journal"]),
    seconds: z.number().min(0),
    table: z.string(),
    rows: count,
    bytes: count,
    step: z.exactOptional(z.strictObject({ migration: name, number })).describe("Of the journal"),
    onOneServer: z.exactOptional(z.literal(true)).describe("The copy was on a single server, and this is a cluster"),
  })
  .meta({ id: "basis", description: "The measurement that the seconds are in proportion to" });

const forecast = z
  .strictObject({
    algorithm: z.string().describe("What the server is told to do, or the verb of the statement"),
    lock: z.string(),
    how: z.string().describe("The same in words"),
    blocked: z.string().describe("Who waits, and for how long"),
    waits: z
      .array(waits)
      .describe(
        "Who waits while the statement gets its lock: readers and writers (users) of a table, its writers, or, where " +
          "foreign keys cascade from it to a locked table, its UPDATE and DELETE (cascades)",
      ),
    holds: z.array(waits).describe("Who waits until it ends"),
    seconds: z
      .number()
      .min(0)
      .nullable()
      .describe("How long the statement itself takes, as far as it was measured; 0 for an instant, null if unknown"),
    unknown: z.exactOptional(z.string()).describe("Why the seconds are unknown"),
    basis: z.exactOptional(basis),
  })
  .meta({ id: "forecast" });

/** A statement with its forecast. */
export const statement = {
  sql,
  session: z
    .record(z.string(), z.union([z.number(), z.string()]))
    .describe("Session variables for this statement, as SQL text"),
  effect: z.exactOptional(z.string()).describe("What it means for rows"),
  forecast,
  reads: reads.nullable(),
};

const repair = z
  .strictObject({ object: z.string().describe("What is missing: column ProcessingJob.recipe"), ...statement })
  .meta({ id: "planRepair", description: "A statement that adds what a recorded step lacks" });

const step = z
  .strictObject({
    number,
    title,
    catalog: verdict,
    notices: z.array(z.string()).describe("Allowed differences: clients work with them"),
    conflicts: z.array(z.string()).describe("What is in the way of the step"),
    madeWith: z
      .exactOptional(z.strictObject({ migration: name, number }))
      .describe("The step whose statement makes this one too"),
    repairs: z.exactOptional(z.array(repair)).describe("With --repair, in the order in which they are sent"),
    sql: z.exactOptional(statement.sql),
    session: z.exactOptional(statement.session),
    effect: statement.effect,
    forecast: z.exactOptional(statement.forecast),
    reads: z.exactOptional(statement.reads),
  })
  .meta({ id: "planStep", description: "sql, session, forecast and reads are there where a statement would be sent" });

const migration = z
  .strictObject({ name, state: migrationState, late, why: z.string(), steps: z.array(step) })
  .meta({ id: "planMigration" });

const repeatable = z
  .strictObject({
    name,
    state: repeatableState,
    differences: z.array(z.string()),
    blocked: z.exactOptional(z.string()).describe("Who waits or fails while it is changed"),
    sql: z.array(sql),
  })
  .meta({ id: "planRepeatable", description: "A procedure, a row of SchemaStatus, or the privileges of a role" });

const definer = z
  .strictObject({
    before: z.string().nullable().describe("Null for new procedures, and for those that ran as their caller"),
    gone: z.boolean().describe("The account before does not exist, so calls fail now"),
    after: z.string(),
    procedures: z.array(z.string()),
  })
  .meta({ id: "planDefiner", description: "The accounts that these procedures run as, before and after" });

export const plan = exactly<PlanDocument>()(
  z.strictObject({
    ...place,
    migrations: z.array(migration).describe("All that are not simply applied"),
    repeatables: z.array(repeatable).describe("All that are not simply applied"),
    definers: z.array(definer),
    script: z.exactOptional(z.string()).describe("Of --sql -: the script for the stock client"),
    file: z.exactOptional(z.string()).describe("Of --sql FILE: the file that holds the script, as it was named"),
  }),
);
