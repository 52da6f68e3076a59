/** The description of a kind of row in src/seed/story/kinds.ts. */

/** A literal list is an enum of the story, whatever the column is. */
export type ColumnKind = "text" | "number" | "whole" | "flag" | "time" | "code" | readonly string[];

export interface Parent {
  /** The kind of the parent row. */
  readonly of: KindName;
  readonly column: string;
  readonly required?: true;
  readonly about?: string;
}

export interface Kind {
  readonly table: string;
  readonly key: string;
  /** The kind in a sentence: "a data collection". */
  readonly one: string;
  readonly about: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** Required columns. */
  readonly needs?: readonly string[];
  readonly parents: Readonly<Record<string, Parent>>;
  /** The column with the time of writing; the story's reference time unless it is given. */
  readonly stamp?: string;
}

export type KindName =
  | "persons"
  | "proposals"
  | "sessions"
  | "proteins"
  | "crystals"
  | "samples"
  | "sampleGroups"
  | "dataCollectionGroups"
  | "dataCollections"
  | "jobs"
  | "parameters"
  | "sweeps"
  | "programs"
  | "messages"
  | "attachments"
  | "autoProcs"
  | "results"
  | "integrations"
  | "resultIntegrations";
