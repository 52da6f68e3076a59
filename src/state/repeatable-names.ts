/** What repeatables are called: `procedures/upsert_processing_job`, in the journal and for --skip. */

/** The kinds, in the order in which they are brought about. */
export const repeatableKinds = ["procedures", "SchemaStatus", "grants"] as const;
export type RepeatableKind = (typeof repeatableKinds)[number];

export function nameOf(kind: RepeatableKind, object: string): string {
  return `${kind}/${object}`;
}

/** Undefined for a migration. */
export function kindOf(name: string): RepeatableKind | undefined {
  return repeatableKinds.find((kind) => name.startsWith(`${kind}/`));
}

/** The procedure, script or role itself. */
export function objectOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

/** Whether a name of the journal is that of a repeatable, or of a kind of them as a whole. */
export function isRepeatable(name: string): boolean {
  return kindOf(name) !== undefined || repeatableKinds.some((kind) => kind === name);
}
