/** Notes that several statements of a run would repeat. */
import type { Run } from "./run.ts";

/** What was said in a run. */
const said = new WeakMap<Run["lease"], Set<string>>();

/** Once for each key: several statements of a run mean the same for the same transactions. */
export function sayOnce(run: Run, key: string, text: string): void {
  const keys = said.get(run.lease) ?? new Set();
  said.set(run.lease, keys);
  if (!keys.has(key)) run.progress({ kind: "note", text });
  keys.add(key);
}
