import type { Hint, Next } from "../hint.ts";
import { type OptionName, isOptionName, option } from "../options.ts";
import { shellWord } from "../shell-word.ts";
import { type Caller, completed } from "./caller.ts";

/** "ispyb-migrate up --repair --database ispyb   # puts back what is missing or changed" */
export function formatHint(hint: Hint, caller: Caller): string {
  const { command, args, options, note } = completed(hint, caller);
  const given = Object.entries(options).flatMap(([name, value]) =>
    isOptionName(name) ? [[name, value] as const] : [],
  );
  const words = [
    ...[caller.program, command, ...args].map(shellWord),
    ...given.flatMap(([name, value]) => formatOption(name, value)),
  ];
  return `${words.join(" ")}${note === undefined ? "" : `   # ${note}`}`;
}

/** A hint as a command of this program; a sentence or statement as it is. */
export function formatNext(next: Next, caller: Caller): string {
  return typeof next === "string" ? next : formatHint(next, caller);
}

// --- internal ---

function formatOption(name: OptionName, value: string | true | readonly string[]): string[] {
  if (value === true) return [`--${name}`];
  return [value].flat().map((each) => `--${name} ${formatOptionValue(name, each)}`);
}

/** Text is always quoted: the text that replaces an example has spaces. */
function formatOptionValue(name: OptionName, value: string): string {
  const word = shellWord(value);
  return option(name).value === "TEXT" && word === value ? `"${word}"` : word;
}
