import { shellWord } from "../db/client-command.ts";
import type { Hint, Next } from "../hint.ts";
import { type OptionName, isOptionName, option } from "../options.ts";

/** The program as it is called where it is installed. */
export const INSTALLED = "ispyb-migrate";

/** How a shell finds this program again: scripts/ispyb-migrate says by which name it was started. */
export function programName(environment: Readonly<Record<string, string | undefined>>): string {
  return environment["ISPYB_PROGRAM"] ?? INSTALLED;
}

/** "ispyb-migrate up --repair   # makes again what is missing" */
export function formatHint({ command, args, options, note }: Hint, program: string): string {
  const given = Object.entries(options).flatMap(([name, value]) =>
    isOptionName(name) ? [[name, value] as const] : [],
  );
  const words = [
    ...[program, command, ...args].map(shellWord),
    ...given.flatMap(([name, value]) => formatOption(name, value)),
  ];
  return `${words.join(" ")}${note === undefined ? "" : `   # ${note}`}`;
}

/** A hint with the program's name, a sentence or statement as it is. */
export function formatNext(next: Next, program: string): string {
  return typeof next === "string" ? next : formatHint(next, program);
}

// --- internal ---

function formatOption(name: OptionName, value: string | true | readonly string[]): string[] {
  if (value === true) return [`--${name}`];
  return [value].flat().map((each) => `--${name} ${formatValue(name, each)}`);
}

/** A text is quoted even where the shell needs no quotes: what replaces an example has spaces. */
function formatValue(name: OptionName, value: string): string {
  const word = shellWord(value);
  return option(name).value === "TEXT" && word === value ? `"${word}"` : word;
}
