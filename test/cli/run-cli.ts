/** The command line inside the test's process; spawn-cli.ts starts it as a process of its own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, runInProcess } from "../support/in-process.ts";

export type { Ended };

/** An empty home, so that no user's option file is read. */
export class Home implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "ispyb-migrate-home-"));

  /** Writes ~/.my.cnf. */
  optionFile(content: string): void {
    writeFileSync(join(this.path, ".my.cnf"), content, { mode: 0o600 });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** `ispyb-migrate` with these arguments, and with nothing of this process's environment. */
export function runCli(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runInProcess(args, { env: environment });
}

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** The URL of this database, without the password. */
export function urlOf({ host, port, database, user }: Place & Pick<Account, "user">): string {
  return `mysql://${user}@${host}:${port}/${database}`;
}

/** The same on this database, as root or another account; the password goes through the environment. */
export function runOn(db: Place & Account, args: readonly string[], { user, password }: Account = db): Promise<Ended> {
  return runCli([...args, "--url", urlOf({ ...db, user })], { MYSQL_PWD: password });
}
