/** What to run next, as data. The command line prints a hint with the name that it was started by; see src/documents/format-hint.ts. */
import type { CommandName, OptionOf, OptionValue } from "./options.ts";

/** A command of this tool that goes on from here. */
export interface Hint<C extends CommandName = CommandName> {
  readonly command: C;
  readonly args: readonly string[];
  readonly options: HintOptions<C>;
  /** What the command is for, or when to run it. Printed as a comment behind the command. */
  readonly note?: string;
}

/** Options by their names, as the command line takes them. */
export type HintOptions<C extends CommandName = CommandName> = { readonly [N in OptionOf<C>]?: OptionValue<N> };

/** A hint, or a sentence or statement that stands for itself. */
export type Next = string | Hint;

interface Parts<C extends CommandName> {
  readonly args?: readonly string[];
  /** Options that are undefined or false are left out. */
  readonly options?: { readonly [N in OptionOf<C>]?: OptionValue<N> | false | undefined };
  readonly note?: string;
}

/** `hint("up", { options: { repair: true }, note: "makes again what is missing" })` */
export function hint<C extends CommandName>(command: C, { args = [], options = {}, note }: Parts<C> = {}): Hint<C> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== false);
  const parts = { command, args, options: Object.fromEntries(given) as HintOptions<C> };
  return note === undefined ? parts : { ...parts, note };
}

/** The same command with more options. */
export function withOptions<C extends CommandName>(base: Hint<C>, more: HintOptions<C>): Hint<C> {
  return { ...base, options: { ...base.options, ...more } };
}

/** The same command, and what it is for. */
export function withNote<C extends CommandName>(base: Hint<C>, note: string): Hint<C> {
  return { ...base, note };
}
