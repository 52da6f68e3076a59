import { z } from "zod";
import type { StatusDocument } from "../status.ts";
import { exactly } from "./exactly.ts";
import {
  count,
  difference,
  entryState,
  late,
  migrationState,
  name,
  number,
  place,
  recorded,
  repeatableState,
  title,
  verdict,
} from "./parts.ts";

const step = z
  .strictObject({ number, title, catalog: verdict, journal: entryState.nullable() })
  .meta({ id: "statusStep" });

const migration = z
  .strictObject({
    name,
    file: z.string().nullable().describe("The file of a facility's own migration; null for one of this tool"),
    state: migrationState,
    late,
    recorded: recorded.nullable(),
    steps: z.array(step),
  })
  .meta({ id: "statusMigration" });

const repeatable = z
  .strictObject({
    name,
    state: repeatableState,
    reason: z.exactOptional(z.string()).describe("Why it is skipped"),
    recorded: recorded.nullable(),
    differences: z.array(difference),
  })
  .meta({ id: "statusRepeatable", description: "A procedure, a row of SchemaStatus, or the privileges of a role" });

const missing = z
  .strictObject({ name, renamedTo: z.exactOptional(z.string()).describe("A migration of the same steps") })
  .meta({ id: "missingMigration", description: "Recorded, but without a file" });

const lease = z
  .strictObject({
    owner: z.string(),
    holder: z.string().describe("Account, host and process"),
    identity: z.string(),
    node: z.string().describe("The server that the holder is connected to"),
    connectionId: count,
    fence: count.describe("The number of the lease; it only grows"),
    expired: z.boolean().describe("The next run takes it over"),
    silent: z.boolean().describe("No heartbeat for a while"),
    silentFor: z.number().int().describe("Seconds since its last heartbeat"),
  })
  .meta({ id: "lease", description: "Who holds the lease" });

export const status = exactly<StatusDocument>()(
  z.strictObject({
    ...place,
    upToDate: z.boolean().describe("Nothing is pending"),
    migrations: z.array(migration),
    repeatables: z.array(repeatable),
    powerless: z.array(z.string()).describe("What accounts lack that procedures run as; calls fail"),
    missing: z.array(missing),
    aside: z.array(z.string()).describe("Steps whose table or column a stopped `down` has set aside"),
    lease: lease.nullable(),
  }),
);
