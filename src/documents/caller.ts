/** How this program is called again: with the caller a hint becomes a whole command. */
import type { Hint, HintOptions } from "../hint.ts";
import { isOptionName, option, takes } from "../options.ts";

export interface Caller {
  /** The program's name in a shell. */
  readonly program: string;
  /** Options that hints repeat, so that they mean the same database and the same run. */
  readonly options?: HintOptions;
}

/** The installed program, without options. */
export const installed: Caller = { program: "ispyb-migrate" };

/** The name of this program in a shell; scripts/ispyb-migrate sets it to the name it was started with. */
export function programName(environment: Readonly<Record<string, string | undefined>>): string {
  return environment["ISPYB_PROGRAM"] ?? installed.program;
}

/**
 * The hint with the caller's options that its command takes. Its own options win. A hint that names a server by itself
 * means that one, and gets no option of the caller's connection; one that names a database means it on the caller's
 * server. Help needs no options.
 */
export function completed(hint: Hint, { options = {} }: Caller): Hint {
  if (hint.args.includes("--help")) return hint;
  const named = Object.keys(hint.options).filter(isOfConnection);
  const isElsewhere = named.some((name) => name !== "database");
  const more = Object.entries(options).filter(
    ([name]) =>
      isOptionName(name) &&
      takes(hint.command, name) &&
      !Object.hasOwn(hint.options, name) &&
      !(isElsewhere && isOfConnection(name)),
  );
  const repeated = named.length === 0 ? more : more.map(([name, value]) => [name, ofServer(name, value)] as const);
  // An option that the hint is to go without is there, and undefined.
  const own = Object.entries(hint.options).filter(([, value]) => value !== undefined);
  return { ...hint, options: Object.fromEntries([...own, ...repeated]) };
}

// --- internal ---

/** A URL without its database. */
function ofServer(name: string, value: string | true | readonly string[]): string | true | readonly string[] {
  return name === "url" && typeof value === "string" ? value.replace(/^(\w+:\/\/[^/]*)\/.*$/s, "$1") : value;
}

function isOfConnection(name: string): boolean {
  return isOptionName(name) && option(name).on === "database";
}
