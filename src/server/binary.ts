import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Vendor } from "../model.ts";
import { run } from "./process.ts";

/** A server program that can be started with a private data directory. */
export interface ServerBinary {
  readonly vendor: Vendor;
  /** `10.11.19`, by the program's own answer. */
  readonly version: string;
  readonly file: string;
  /** Where `share/` lies. */
  readonly basedir: string;
  /** Arguments and environment that an unpacked program needs to find its own files. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For a person: "mariadbd 10.11.19 of this machine". */
  readonly description: string;
}

/** Asks the program who it is; undefined if it does not run or is no such server. */
export async function identify(
  file: string,
  where: string,
  more: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ServerBinary | undefined> {
  const { args = [], env = {} } = more;
  const answer = await run(file, ["--no-defaults", "--version"], { env });
  const version = /\bVer (\d+\.\d+\.\d+)/.exec(answer.stdout)?.[1];
  if (answer.code !== 0 || version === undefined) return undefined;
  const vendor = /mariadb/i.test(answer.stdout) ? "mariadb" : "mysql";
  // `mysqld` is often a link to `mariadbd`, and share/ lies beside the real file.
  const real = await realpath(file);
  const name = vendor === "mariadb" ? "mariadbd" : basename(real);
  return {
    vendor,
    version,
    file,
    basedir: dirname(dirname(real)),
    args,
    env,
    description: `${name} ${version} ${where}`,
  };
}
