/** The wanted form of a procedure in one database. */
import { formatDefiner } from "../../access/account.ts";
import { SQL_MODE } from "../../db/session.ts";
import type { Catalog } from "../../model.ts";
import { type Definition, parseDefinition } from "./definition.ts";
import { renderProcedure } from "./render.ts";
import type { ProcedureSource } from "./source.ts";

/** How procedures are created. */
export interface RoutineSettings {
  /** `name@host`. By default the existing one stays: see definers.ts. */
  readonly definer?: string;
  readonly security?: "DEFINER" | "INVOKER";
}

/** The DEFINER of one procedure. */
export interface WantedDefiner {
  /** Written into the statement; if it is undefined, the server takes the account that creates the procedure. */
  readonly definer?: string;
  /** Whether a procedure with another one is different. */
  readonly isRequired: boolean;
}

export interface WantedProcedure {
  readonly sql: string;
  readonly definer?: string;
  readonly definition: Definition & { readonly sqlMode: string };
}

/** The wanted form, or the columns that this catalog lacks. */
export function wantedProcedure(
  source: ProcedureSource,
  catalog: Catalog,
  { definer, isRequired }: WantedDefiner,
  security: RoutineSettings["security"],
): WantedProcedure | { readonly missing: readonly string[] } {
  const rendered = renderProcedure(source, catalog);
  if ("missing" in rendered) return rendered;
  let { sql } = rendered;
  if (security !== undefined) sql = sql.replace(/\bSQL SECURITY DEFINER\b/, `SQL SECURITY ${security}`);
  if (definer !== undefined) sql = sql.replace(/^CREATE /, () => `CREATE DEFINER=${formatDefiner(definer)} `);
  const parsed = parseDefinition(sql);
  if (parsed === undefined) throw new Error(`${source.name}.sql has no body between BEGIN and END`);
  const { definer: _ours, ...rest } = parsed;
  const named = definer === undefined ? {} : { definer };
  return { sql, ...named, definition: { ...rest, ...(isRequired ? named : {}), sqlMode: SQL_MODE } };
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
