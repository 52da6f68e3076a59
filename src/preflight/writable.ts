import { type Server, formatNode } from "../catalog/server.ts";
import { MigrateError } from "../errors.ts";
import { onPrimary } from "../run/replica.ts";

/** Throws SERVER_READ_ONLY. */
export function assertWritable({ readOnly, node }: Server): void {
  if (!readOnly) return;
  throw new MigrateError("SERVER_READ_ONLY", "this server is read-only", {
    where: formatNode(node),
    done: "nothing was changed",
    next: onPrimary,
  });
}
