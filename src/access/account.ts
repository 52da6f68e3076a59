/** Accounts, formatted for statements. */
import { id, text } from "../sql.ts";

/** `name@host` as CURRENT_USER() returns it, quoted. A name may contain @, a host does not; without one it is any host. */
export function formatAccount(account: string): string {
  const at = account.lastIndexOf("@");
  return at < 0 ? `${text(account)}@'%'` : `${text(account.slice(0, at))}@${text(account.slice(at + 1))}`;
}

/** A row of mysql.user. A role of MariaDB has no host. */
export function formatGrantee(user: string, host: string): string {
  return host === "" ? id(user) : `${text(user)}@${text(host)}`;
}
