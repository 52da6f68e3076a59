import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Target } from "../../src/db/db.ts";
import { install, pack } from "../packed.ts";
import type { Subject } from "./measure.ts";

/** Our packed build as npm installs it, in a temporary folder. */
export interface Installed extends Disposable {
  readonly folder: string;
  /** One of our commands that needs no database. */
  program(...args: string[]): Subject;
  /** One of our commands for this database. */
  command(target: Target, ...args: string[]): Subject;
}

export async function installed(beside: readonly string[] = []): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), "ispyb-migrate-bench-"));
  const remove = () => rmSync(folder, { recursive: true });
  try {
    await install(folder, [await pack(folder), ...beside]);
  } catch (error) {
    remove();
    throw error;
  }
  const program = (...args: string[]) => ({
    name: `ispyb-migrate ${args.join(" ")}`,
    file: process.execPath,
    args: [join(folder, "node_modules/ispyb-migrate/dist/src/cli/main.js"), ...args],
  });
  return {
    folder,
    program,
    command: (target, ...args) => ({ ...program(...args), env: environment(target) }),
    [Symbol.dispose]: remove,
  };
}

/** The environment that names a database for our program. */
export function environment({ user, password = "", host, port, database }: Target): Record<string, string> {
  const url = `mysql://${user}@${host}:${port}/${database}`;
  // Without TLS, like the other tools here.
  return { ISPYB_MIGRATE_URL: url, ISPYB_MIGRATE_SSL_MODE: "disabled", MYSQL_PWD: password };
}
