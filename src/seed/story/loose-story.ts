/**
 * A story with every part optional: after the schema has reported its problems, the rest is still checked, so that
 * all problems of a file are reported at once.
 */
import type { KindName } from "./kind.ts";
import type { sections } from "./kinds.ts";

export type LooseRow = Readonly<Record<string, unknown>>;

export type LooseStory = { readonly name?: string; readonly title?: string } & {
  readonly [S in (typeof sections)[number]]?: Readonly<Record<string, LooseRow | undefined>>;
};

export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function asItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asMapping(value: unknown): LooseRow {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as LooseRow) : {};
}

/** What a kind of row may have beside its columns and parents. */
const more: Partial<Record<KindName, readonly string[]>> = {
  sampleGroups: ["samples"],
  jobs: ["parameters", "sweeps", "programs"],
  programs: ["pipeline", "messages", "attachments", "results"],
  results: ["integrations"],
};

export function moreMembers(kind: KindName): readonly string[] {
  return more[kind] ?? [];
}
