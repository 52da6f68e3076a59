import { redact } from "../db/redact.ts";
import { type ErrorCode, type MigrateError, asList } from "../errors.ts";
import type { Hint, Next } from "../hint.ts";
import { type Caller, completed } from "./caller.ts";
import { formatNext } from "./format-hint.ts";

/** The value of `error`: lists are always lists, and unknown values are null. */
export interface FailureDocument {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where: string | null;
  readonly found: readonly string[];
  readonly wanted: readonly string[];
  readonly done: string | null;
  /** The next steps as printed. */
  readonly next: readonly string[];
  /** The commands among them as data, with the caller's options. */
  readonly hints: readonly HintDocument[];
}

/** A command of this tool, its arguments, and its options by their names. */
export interface HintDocument {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | true | readonly string[]>>;
  readonly note: string | null;
}

export function failureDocument(error: MigrateError, secrets: readonly string[], caller: Caller): FailureDocument {
  const clean = (text: string) => redact(text, secrets);
  const { where, found: actual, wanted, done, next } = error.details;
  return {
    code: error.code,
    message: clean(error.message),
    where: where === undefined ? null : clean(where),
    found: asList(actual).map(clean),
    wanted: asList(wanted).map(clean),
    done: done === undefined ? null : clean(done),
    next: asList(next).map((each) => clean(formatNext(each, caller))),
    hints: asList(next)
      .filter(isHint)
      .map((each) => hintDocument(completed(each, caller), clean)),
  };
}

// --- internal ---

function isHint(next: Next): next is Hint {
  return typeof next !== "string";
}

function hintDocument({ command, args, options, note }: Hint, clean: (text: string) => string): HintDocument {
  const given = Object.entries(options).map(
    ([name, value]) =>
      [name, value === true ? value : typeof value === "string" ? clean(value) : value.map(clean)] as const,
  );
  return {
    command,
    args: args.map(clean),
    options: Object.fromEntries(given),
    note: note === undefined ? null : clean(note),
  };
}
