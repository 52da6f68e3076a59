/** Names of migrations in the journal: `2026_07_02_job_uuid` is ours, `dls/2026_11_03_priority` is of the facility's source dls. */
import { repeatableKinds } from "./repeatable-names.ts";

/** The name of a facility's migration. */
export function nameIn(source: string, file: string): string {
  return `${source}/${file}`;
}

/** The source that a migration comes from; undefined for one of ours. */
export function sourceOf(name: string): string | undefined {
  const at = name.indexOf("/");
  return at < 0 ? undefined : name.slice(0, at);
}

/** Whether a source may have this name: the journal has the kinds of repeatables under the same form. */
export function isSourceName(name: string): boolean {
  return /^[a-z][a-z0-9_-]{0,29}$/.test(name) && !repeatableKinds.some((kind) => kind.toLowerCase() === name);
}
