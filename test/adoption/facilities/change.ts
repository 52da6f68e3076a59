/** One thing that a facility does to its database, as data. */
import type { Vendor } from "../../../src/dialect/product.ts";
import type { Base } from "../../../src/base/base.ts";

type Sql = string | readonly string[];

export interface Change {
  readonly name: string;
  /** By vendor where they differ. A vendor that is left out cannot hold it; a version that cannot refuses the statement. */
  readonly sql: Sql | Partial<Readonly<Record<Vendor, Sql>>>;
  /**
   * True where clients, models and procedures live with it, and the server still lets us do our part:
   * an `up` must not be refused for it. The reasons by object are a table in the README of migrations/.
   */
  readonly harmless: boolean;
}

/** A database before the facility's changes. */
export interface Start {
  readonly name: string;
  readonly base: Base | readonly Base[];
  readonly sql: readonly string[];
  /** The only vendor whose servers can load it. */
  readonly only?: Vendor;
  /** Without the rows that the calls of clients refer to. */
  readonly withoutRows?: true;
}

export function harmless(name: string, sql: Change["sql"]): Change {
  return { name, sql, harmless: true };
}

/** Something that a person has to look at: `up` may refuse it, before its first change. */
export function harmful(name: string, sql: Change["sql"]): Change {
  return { name, sql, harmless: false };
}

/** The statements for a vendor; undefined where it cannot hold the change. */
export function statementsOf({ sql }: Change, vendor: Vendor): readonly string[] | undefined {
  const own = typeof sql === "object" && "length" in sql ? sql : typeof sql === "string" ? sql : sql[vendor];
  return typeof own === "string" ? [own] : own;
}
