import { installed } from "../documents/caller.ts";
import { failureDocument } from "../documents/failure.ts";
import { MigrateError } from "../errors.ts";

/** The same error with all its details in the message: vitest shows nothing else. */
export function explained(error: unknown): unknown {
  if (!(error instanceof MigrateError)) return error;
  const { code, message, where, found: actual, wanted, done, next } = failureDocument(error, [], installed);
  const lines = (name: string, texts: readonly (string | null)[]) =>
    texts.filter((text) => text !== null).map((text) => `  ${name.padEnd(6)}  ${text}`);
  return new Error(
    [
      `${code}: ${message}`,
      ...lines("where", [where]),
      ...lines("found", actual),
      ...lines("wanted", wanted),
      ...lines("done", [done]),
      ...lines("next", next),
    ].join("\n"),
    { cause: error },
  );
}
