import { MigrateError } from "../errors.ts";
import { leaseTable } from "./tool-tables.ts";

export function leaseLost(): MigrateError {
  return new MigrateError("LEASE_LOST", "another run took over the lease while this one was working", {
    where: leaseTable,
    done: "the statement that was running may have been done; nothing was recorded after the lease was lost",
    next: "ispyb-migrate status   # who holds it now, and what is recorded",
  });
}
