import { existsSync } from "node:fs";
import { join } from "node:path";
import { Unavailable } from "../../src/server/apt.ts";
import { cacheFault } from "../../src/server/cache-root.ts";
import { unpackProgram } from "../../src/server/package.ts";
import { type Ended, run } from "../../src/server/process.ts";

/** The servers' own command line client. */
export interface StockClient {
  /** Runs it with these statements on its standard input, as `mysql … < FILE` does. */
  run(db: Account, input: string | Uint8Array, args?: readonly string[]): Promise<Pick<Ended, "code" | "output">>;
}

interface Account {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const client = { package: "mariadb-client-core", program: "usr/bin/mariadb", size: "about 1 MB" } as const;

/** How a client's program is started. */
export interface ClientProgram {
  readonly file: string;
  /** Options that it always needs. */
  readonly own: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The one of this machine, or the one out of the distribution's package; else why there is none. */
export async function stockClient(report: (line: string) => void): Promise<StockClient | { readonly reason: string }> {
  const program = await clientProgram(report);
  return "reason" in program ? program : started(program);
}

/** The program of `stockClient`. */
export async function clientProgram(
  report: (line: string) => void,
): Promise<ClientProgram | { readonly reason: string }> {
  for (const file of ["mariadb", "mysql"]) {
    if ((await run(file, ["--no-defaults", "--version"])).code === 0) return { file, own: [], env: {} };
  }
  try {
    const { file, libraries, env } = await unpackProgram(client, report);
    // The way in which newer servers ask for a password is a plugin of the client.
    const plugins = libraries.map((folder) => join(folder, "libmariadb3/plugin")).find((folder) => existsSync(folder));
    return { file, own: plugins === undefined ? [] : [`--plugin-dir=${plugins}`], env };
  } catch (error) {
    const why = error instanceof Unavailable ? error.message : cacheFault(error);
    report(`SKIPPED: what needs a stock client: ${why}. Install mariadb-client or mysql-client`);
    return { reason: `there is no stock client: ${why}` };
  }
}

function started({ file, own, env }: ClientProgram): StockClient {
  return {
    async run({ host, port, user, password, database }, input, args = []) {
      const place = [`--host=${host}`, `--port=${port}`, "--protocol=tcp", `--user=${user}`, `--database=${database}`];
      // Nobody's own option file takes part. The servers' certificates are their own; Oracle's client does not ask.
      const given = ["--no-defaults", "--loose-skip-ssl-verify-server-cert", ...own, ...place, ...args];
      const { code, output } = await run(file, given, { env: { ...env, MYSQL_PWD: password }, input });
      return { code, output };
    },
  };
}
