/** What to run next, as data. The command line prints a hint with the name that it was started by; see src/documents/format-hint.ts. */
import type { CommandName, OptionName, OptionOf, OptionValue } from "./options.ts";

/** A command of this tool to run next. */
export interface Hint<C extends CommandName = CommandName> {
  readonly command: C;
  readonly args: readonly string[];
  readonly options: HintOptions<C>;
  /** What the command does, or when to run it. Printed as a comment after the command. */
  readonly note?: string;
}

/** Options by their names, as the command line takes them. */
export type HintOptions<C extends CommandName = CommandName> = { readonly [N in OptionOf<C>]?: OptionValue<N> };

/** A hint, or a sentence or statement to print as it is. */
export type Next = string | Hint;

interface Parts<C extends CommandName> {
  readonly args?: readonly string[];
  /** Options that are undefined or false are left out. */
  readonly options?: { readonly [N in OptionOf<C>]?: OptionValue<N> | false | undefined };
  readonly note?: string;
}

/** `hint("up", { options: { repair: true }, note: "puts back what is missing or changed" })` */
export function hint<C extends CommandName>(command: C, { args = [], options = {}, note }: Parts<C> = {}): Hint<C> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== false);
  const parts = { command, args, options: Object.fromEntries(given) as HintOptions<C> };
  return note === undefined ? parts : { ...parts, note };
}

/** The same command with more options. */
export function withOptions<C extends CommandName>(base: Hint<C>, more: HintOptions<C>): Hint<C> {
  return { ...base, options: { ...base.options, ...more } };
}

/** The same command without an option that it would take over from the caller. */
export function withoutOption<C extends CommandName>(base: Hint<C>, name: OptionName): Hint<C> {
  return { ...base, options: { ...base.options, [name]: undefined } };
}

/** The same command with a note. */
export function withNote<C extends CommandName>(base: Hint<C>, note: string): Hint<C> {
  return { ...base, note };
}
