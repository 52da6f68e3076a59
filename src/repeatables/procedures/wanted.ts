/** The wanted form of a procedure in one database. */
import { formatAccount } from "../../access/account.ts";
import { SQL_MODE } from "../../db/session.ts";
import type { Catalog } from "../../model.ts";
import { type Definition, parseDefinition } from "./definition.ts";
import { renderProcedure } from "./render.ts";
import type { ProcedureSource } from "./source.ts";

/** How procedures are created. By default the definer is the account that creates them, and they run with its rights. */
export interface RoutineSettings {
  /** `name@host` */
  readonly definer?: string;
  readonly security?: "DEFINER" | "INVOKER";
}

export interface WantedProcedure {
  readonly sql: string;
  readonly definition: Definition & { readonly sqlMode: string };
}

/** The wanted form, or the columns that this catalog lacks. */
export function wantedProcedure(
  source: ProcedureSource,
  catalog: Catalog,
  { definer, security }: RoutineSettings,
): WantedProcedure | { readonly missing: readonly string[] } {
  const rendered = renderProcedure(source, catalog);
  if ("missing" in rendered) return rendered;
  let { sql } = rendered;
  if (security !== undefined) sql = sql.replace(/\bSQL SECURITY DEFINER\b/, `SQL SECURITY ${security}`);
  if (definer !== undefined) sql = sql.replace(/^CREATE /, () => `CREATE DEFINER=${formatAccount(definer)} `);
  const definition = parseDefinition(sql);
  if (definition === undefined) throw new Error(`${source.name}.sql has no body between BEGIN and END`);
  return { sql, definition: { ...definition, sqlMode: SQL_MODE } };
}

/** The columns that this catalog lacks for a procedure, or for one of `all` that it calls. */
export function lackingFor(source: ProcedureSource, all: readonly ProcedureSource[], catalog: Catalog): string[] {
  const rendered = renderProcedure(source, catalog);
  const called = [...source.text.matchAll(/\bCALL (\w+)/g)].flatMap(([, name]) =>
    all.filter((each) => each.name === name && each !== source),
  );
  const own = "missing" in rendered ? rendered.missing : [];
  return [...new Set([...own, ...called.flatMap((each) => lackingFor(each, all, catalog))])];
}
