/** Names of provisioned databases; each account has the name of its database. */
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { SCHEMA } from "../reset/tables.ts";

/** What the names begin with, unless a user says otherwise. */
export const PREFIX = "ispyb";

/** Accounts are for clients on any host. */
export const ANY_HOST = "%";

/** The servers' limit for an account's name is 32 characters on MySQL, and `_256` comes behind the prefix. */
const LONGEST = 28;

/** `ispyb_1`, `ispyb_2` … Throws USAGE for a prefix that not every server takes, or that is ours. */
export function databaseNames(prefix: string, workers: number): string[] {
  assertPrefix(prefix);
  return Array.from({ length: workers }, (_, at) => `${prefix}_${at + 1}`);
}

/** True for a name that `databaseNames` makes of this prefix. */
export function hasPrefix(prefix: string, name: string): boolean {
  return name.startsWith(`${prefix}_`) && /^[1-9]\d*$/.test(name.slice(prefix.length + 1));
}

/** What a name of `databaseNames` begins with. */
export function prefixOf(name: string): string {
  return name.replace(/_[1-9]\d*$/, "");
}

/** Throws USAGE. */
export function assertPrefix(prefix: string): void {
  // Lower case: some servers change upper case, and then an exact comparison would fail.
  if (/^[a-z][a-z0-9_]*$/.test(prefix) && prefix.length <= LONGEST && !prefix.startsWith(SCHEMA)) return;
  throw new MigrateError("USAGE", "the names of test databases cannot begin like this", {
    where: prefix,
    wanted: `lower case letters, digits and _, at most ${LONGEST} characters, and not ${SCHEMA}`,
    done: "nothing was changed",
    next: hint("provision", { options: { database: PREFIX }, note: `creates ${PREFIX}_1, ${PREFIX}_2 and so on` }),
  });
}
