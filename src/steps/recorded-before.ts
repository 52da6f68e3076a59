/** Values that a statement gave to the journal for `down`. They come back as text and may have been edited. */
import { MigrateError } from "../errors.ts";

/** The value of this name. Throws HISTORY_CHANGED if it does not have the type that the statement wrote. */
export function recorded<T>(
  before: Readonly<Record<string, unknown>>,
  name: string,
  isOne: (value: unknown) => value is T,
  step: string,
): T {
  const value = before[name];
  if (isOne(value)) return value;
  throw new MigrateError("HISTORY_CHANGED", "the journal does not have the earlier form that `down` would restore", {
    where: `ispyb_migrate_journal, column previous of the step: ${step}`,
    found: JSON.stringify(before),
    wanted: `${name}, as \`up\` wrote it`,
    done: "nothing of this step was changed",
    next: "restore that row from a backup of ispyb_migrate_journal, then run the same command again",
  });
}

/** True for an object with a text under each of these names. */
export function hasTexts(value: unknown, ...names: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  const entries = new Map<string, unknown>(Object.entries(value));
  return names.every((name) => typeof entries.get(name) === "string");
}
