import { shellWord } from "../db/client-command.ts";
import type { Hint, Next } from "../hint.ts";
import { type OptionName, isOptionName, option } from "../options.ts";

/** The name of the installed program. */
export const INSTALLED = "ispyb-migrate";

/** The name of this program in a shell; scripts/ispyb-migrate sets it to the name it was started with. */
export function programName(environment: Readonly<Record<string, string | undefined>>): string {
  return environment["ISPYB_PROGRAM"] ?? INSTALLED;
}

/** "ispyb-migrate up --repair   # creates again what is missing" */
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

/** A hint as a command of this program; a sentence or statement as it is. */
export function formatNext(next: Next, program: string): string {
  return typeof next === "string" ? next : formatHint(next, program);
}

// --- internal ---

function formatOption(name: OptionName, value: string | true | readonly string[]): string[] {
  if (value === true) return [`--${name}`];
  return [value].flat().map((each) => `--${name} ${formatValue(name, each)}`);
}

/** Text is always quoted: the text that replaces an example has spaces. */
function formatValue(name: OptionName, value: string): string {
  const word = shellWord(value);
  return option(name).value === "TEXT" && word === value ? `"${word}"` : word;
}
