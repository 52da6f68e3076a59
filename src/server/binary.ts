import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { parseProduct } from "../dialect/identify.ts";
import type { Product, Vendor } from "../dialect/product.ts";
import { lastLines, run } from "./process.ts";

/** A server program that can be started with a private data directory. */
export interface ServerBinary {
  readonly vendor: Vendor;
  /** `10.11.19`, as the program reports it. */
  readonly version: string;
  readonly file: string;
  /** The folder that contains `share/`. */
  readonly basedir: string;
  /** What comes before the program in its command: the loader of another release, with its options. */
  readonly prefix: readonly string[];
  /** Arguments and environment for an unpacked program, so that it finds its files. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For messages: "mariadbd 10.11.19 of this machine". */
  readonly description: string;
}

/** The reason why a program cannot be used: it does not run, or is no server. */
export interface Unusable {
  readonly reason: string;
}

/** The program that is started, and its arguments: `--no-defaults` comes first, and `more` last. */
export function commandOf(
  { prefix, file, args }: Pick<ServerBinary, "prefix" | "file" | "args">,
  more: readonly string[],
): { readonly file: string; readonly args: readonly string[] } {
  const [first = file, ...others] = [...prefix, file, "--no-defaults", ...args, ...more];
  return { file: first, args: others };
}

/** Runs the program to get its vendor and version. */
export async function identifyBinary(
  file: string,
  where: string,
  more: Partial<Pick<ServerBinary, "prefix" | "args" | "env">> = {},
): Promise<ServerBinary | Unusable> {
  const { prefix = [], args = [], env = {} } = more;
  const command = commandOf({ prefix, file, args: [] }, ["--version"]);
  const answer = await run(command.file, command.args, { env });
  const version = /\bVer (\d+\.\d+\.\d+)/.exec(answer.stdout)?.[1];
  if (answer.code !== 0 || version === undefined) {
    const output = lastLines(answer.output, 3).join(" · ");
    return { reason: `${file} does not run as a server: ${output === "" ? `exit code ${answer.code}` : output}` };
  }
  const vendor = /mariadb/i.test(answer.stdout) ? "mariadb" : "mysql";
  // `mysqld` is often a link to `mariadbd`, and share/ is found from the real file.
  const real = await realpath(file);
  const name = vendor === "mariadb" ? "mariadbd" : basename(real);
  return {
    vendor,
    version,
    file,
    basedir: dirname(dirname(real)),
    prefix,
    args,
    env,
    description: `${name} ${version} ${where}`,
  };
}

export function productOf(binary: ServerBinary): Product {
  return parseProduct(binary.version, binary.vendor);
}
