/** Names of repeatables, in the journal and for --skip: `procedures/upsert_processing_job`. */

/** The kinds, in the order in which they are applied. */
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

/** Whether a name in the journal is a repeatable or a whole kind of them. */
export function isRepeatable(name: string): boolean {
  return kindOf(name) !== undefined || repeatableKinds.some((kind) => kind === name);
}
