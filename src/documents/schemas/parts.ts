/** What several documents have in common. */
import { z } from "zod";
import type { Difference } from "../../catalog/difference.ts";
import type { MigrationState } from "../../plan/plan.ts";
import type { RepeatableState } from "../../repeatables/repeatable.ts";
import type { EntryState } from "../../state/journal.ts";
import type { Verdict } from "../../steps/contract.ts";
import type { PlaceDocument, ServerDocument } from "../place.ts";
import type { RecordedDocument } from "../recorded.ts";
import { exactly } from "./exactly.ts";

export const count = z.int().nonnegative();
/** Of a step in its migration. */
export const number = z.int().positive().describe("Counted from 1");
export const title = z.string().describe("The step in words");
export const sql = z.string().describe("A statement as it is sent");
export const name = z.string().describe("The name that the journal knows");
/** The table whose rows decide how long a statement takes. */
export const reads = z
  .strictObject({ table: z.string(), rows: count, bytes: count })
  .meta({ id: "reads", description: "The table whose rows decide how long it takes, by the server's own estimate" });

export const server = exactly<ServerDocument>()(
  z
    .strictObject({
      product: z.string().describe("Vendor and version"),
      tested: z.boolean().describe("The test suite has been run on this version"),
      node: z.string().describe("What tells it from other servers: host name, port, identity"),
      cluster: z.boolean().describe("A member of a Galera cluster"),
      replication: z
        .enum(["none", "stopped", "running", "unseen"])
        .describe("Whether it receives changes from another server; `unseen`: this account cannot see it"),
      account: z.string(),
    })
    .meta({ id: "server" }),
);

export const place = exactly<PlaceDocument>()(z.strictObject({ database: z.string(), server })).shape;

export const migrationState = exactly<MigrationState>()(
  z
    .enum(["applied", "unrecorded", "pending", "drift", "edited", "conflict", "skipped"])
    .meta({ id: "migrationState", description: "`unrecorded`: in the schema, and not recorded yet" }),
);

export const repeatableState = exactly<RepeatableState>()(
  z
    .enum(["applied", "unrecorded", "pending", "drift", "skipped", "hidden", "impossible"])
    .meta({ id: "repeatableState", description: "`hidden`: this account cannot see it" }),
);

export const entryState = exactly<EntryState>()(
  z
    .enum(["intended", "done", "found", "not done", "skipped"])
    .meta({ id: "entryState", description: "The journal's own word. `found`: already there when `up` came to it" }),
);

export const late = z.boolean().describe("Not recorded, although a later one is");

export const verdict = exactly<Verdict["state"]>()(
  z
    .enum(["absent", "present", "conflict"])
    .meta({ id: "verdict", description: "What the schema shows, as the steps before will have left it" }),
);

export const recorded = exactly<RecordedDocument>()(
  z
    .strictObject({
      as: entryState,
      at: z.string().nullable().describe("UTC, by the clock of the server; null where it was not finished"),
      by: z.string().describe("An account"),
    })
    .meta({ id: "recorded", description: "What the journal says" }),
);

export const difference = exactly<Difference>()(
  z
    .strictObject({
      part: z.enum(["table", "column", "index", "foreign key", "check", "row", "view", "trigger", "procedure", "role"]),
      object: z.string().describe("`ProcessingJob` or `ProcessingJob.recipe`"),
      aspect: z.string().describe("`existence`, or the property that differs"),
      expected: z.exactOptional(z.string()).describe("Left out: not expected at all"),
      found: z.exactOptional(z.string()).describe("Left out: not there"),
    })
    .meta({ id: "difference" }),
);

export const notices = z
  .array(z.string())
  .describe("The facility's own additions, allowed differences, what is skipped, and nodes that were not looked at");

export const notVisible = z.array(z.string()).describe("What this account cannot see: neither equal nor different");
