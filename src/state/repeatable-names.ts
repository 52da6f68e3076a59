/** What repeatables are called: `procedures/upsert_processing_job`, in the journal and for --skip. */

/** The kinds, in the order in which they are brought about. */
export const repeatKinds = ["procedures", "SchemaStatus", "grants"] as const;
export type RepeatKind = (typeof repeatKinds)[number];

export function nameOf(kind: RepeatKind, object: string): string {
  return `${kind}/${object}`;
}

/** Undefined for a migration. */
export function kindOf(name: string): RepeatKind | undefined {
  return repeatKinds.find((kind) => name.startsWith(`${kind}/`));
}

/** The procedure, script or role itself. */
export function objectOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

/** Whether a name of the journal is that of a repeatable, or of a kind of them as a whole. */
export function isRepeatable(name: string): boolean {
  return kindOf(name) !== undefined || repeatKinds.some((kind) => kind === name);
}
