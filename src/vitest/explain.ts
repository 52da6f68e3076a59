import { installed } from "../documents/caller.ts";
import { failureDocument } from "../documents/failure.ts";
import { MigrateError } from "../errors.ts";

/** The same error with all its details in the message: vitest shows nothing else. */
export function explained(error: unknown): unknown {
  if (!(error instanceof MigrateError)) return error;
  const { code, hints: _, message, ...details } = failureDocument(error, [], installed);
  const lines = Object.entries(details).flatMap(([name, texts]) =>
    [texts ?? []].flat().map((text) => `  ${name.padEnd(6)}  ${text}`),
  );
  return new Error([`${code}: ${message}`, ...lines].join("\n"), { cause: error });
}
