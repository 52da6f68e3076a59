import { type Target, toOwnServer } from "../db/db.ts";
import type { TestAccount } from "./account.ts";
import type { Description } from "./description.ts";

/** Where a sandbox's database is, for an account of it. */
export function targetOf(
  { host, port, socket }: Pick<Description, "host" | "port" | "socket">,
  { user, password }: Pick<TestAccount, "user" | "password">,
  database: string,
): Target {
  const place = socket === undefined ? { host, port } : { host, port, socket };
  return { ...place, user, password, database, ...toOwnServer };
}
