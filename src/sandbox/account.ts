import { randomBytes } from "node:crypto";

/** An account of a test server, with its generated password, and the database that it works on. */
export interface TestAccount {
  readonly user: string;
  readonly password: string;
  /** `mysql://USER:PASSWORD@HOST:PORT/DATABASE` */
  readonly url: string;
}

export interface TestDatabase extends TestAccount {
  /** `ispyb_1`; its account has the same name. */
  readonly name: string;
}

export function urlOf(
  { host, port }: { readonly host: string; readonly port: number },
  { user, password }: Pick<TestAccount, "user" | "password">,
  database: string,
): string {
  return `mysql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

/** Generated; it has every kind of character that a server's rules for passwords may require. */
export function newPassword(): string {
  return `${randomBytes(15).toString("base64url")}-Aa1`;
}
