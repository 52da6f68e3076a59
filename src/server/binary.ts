import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { parseProduct } from "../dialect/identify.ts";
import type { Product, Vendor } from "../dialect/product.ts";
import { lastLines, run } from "./process.ts";

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

/** A program that does not run or is no server, and what it said instead. */
export interface Unusable {
  readonly reason: string;
}

/** Asks the program who it is. */
export async function identifyBinary(
  file: string,
  where: string,
  more: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ServerBinary | Unusable> {
  const { args = [], env = {} } = more;
  const answer = await run(file, ["--no-defaults", "--version"], { env });
  const version = /\bVer (\d+\.\d+\.\d+)/.exec(answer.stdout)?.[1];
  if (answer.code !== 0 || version === undefined) {
    const said = lastLines(answer.output, 3).join(" · ");
    return { reason: `${file} does not run as a server: ${said === "" ? `it ends with ${answer.code}` : said}` };
  }
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

export function productOf(binary: ServerBinary): Product {
  return parseProduct(binary.version, binary.vendor);
}
