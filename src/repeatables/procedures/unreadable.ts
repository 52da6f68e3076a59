/** A procedure whose text this account cannot read. */
import { formatAccount } from "../../access/account.ts";
import type { Server } from "../../catalog/server.ts";

/** What is wrong, and the GRANT with which the account can read it. */
export function unreadableProcedure(
  name: string,
  account: Server["account"],
  { names }: Server["dialect"],
): { readonly problem: string; readonly next: string } {
  const { privilege, on } = names.readAllRoutines;
  return {
    problem: `procedure ${name} exists, but this account cannot read it`,
    next: `GRANT ${privilege} ON ${on} TO ${formatAccount(account)};`,
  };
}
