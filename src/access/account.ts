/** Accounts, formatted for statements. */
import { id, text } from "../sql.ts";

export interface Account {
  readonly user: string;
  /** Empty for a role of MariaDB. */
  readonly host: string;
}

/** `name@host` as CURRENT_USER() returns it, quoted. A name may contain @, a host does not; without one it is any host. */
export function formatAccount(account: string): string {
  const at = account.lastIndexOf("@");
  return at < 0 ? `${text(account)}@'%'` : `${text(account.slice(0, at))}@${text(account.slice(at + 1))}`;
}

/** A row of mysql.user. A role of MariaDB has no host. */
export function formatGrantee(user: string, host: string): string {
  return host === "" ? id(user) : `${text(user)}@${text(host)}`;
}

/** The DEFINER of an existing procedure, `name@host`; without a host it is a role of MariaDB. */
export function parseDefiner(definer: string): Account {
  const at = definer.lastIndexOf("@");
  return at < 0 ? { user: definer, host: "" } : { user: definer.slice(0, at), host: definer.slice(at + 1) };
}

/** The same, quoted. */
export function formatDefiner(definer: string): string {
  const { user, host } = parseDefiner(definer);
  return formatGrantee(user, host);
}
