/** Creates or replaces a procedure: in one statement, or by dropping it first, which also drops its grants. */
import { formatAccount } from "../../access/account.ts";
import type { Db } from "../../db/db.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { id } from "../../sql.ts";
import type { Statement } from "../../steps/contract.ts";
import type { Change } from "../repeatable.ts";
import { definerOf } from "./definition.ts";
import {
  type ProcedureGrant,
  granteeOf,
  grantStatements,
  ofExistingAccounts,
  readProcedureGrants,
} from "./execute-grants.ts";
import type { LiveProcedure } from "./live.ts";
import type { WantedProcedure } from "./wanted.ts";

/** What the journal keeps of an earlier procedure. */
export interface OldProcedure {
  readonly sql: string;
  /** The statement in the bytes of `charset`, in hexadecimal, if it is not the same in UTF-8. */
  readonly bytes?: string;
  readonly sqlMode: string;
  readonly collation: string;
  readonly charset: string;
  /** Missing in a journal of an earlier version. */
  readonly databaseCollation?: string;
  readonly grants: readonly ProcedureGrant[];
}

interface Circumstances {
  /** Grants that were kept by a replacement that was cut off. */
  readonly kept: readonly ProcedureGrant[];
  readonly dialect: Dialect;
  readonly account: string;
  /** Whether this account can read the grants of procedures. */
  readonly seesGrants: boolean;
}

/** 0.06 s on MySQL 9.7 (measured by test/repeatables/callers.test.ts). */
const callers =
  "its callers for a moment: this server can only drop it and create it again. Meanwhile a call fails with error 1305, " +
  "or with 1370 for an account that has EXECUTE on it alone";

export function creating(name: string, wanted: WantedProcedure, kept: readonly ProcedureGrant[]): Change {
  const statements = [statement(name, wanted.sql), ...grantStatements(name, kept)];
  const { definer } = wanted;
  return {
    statements,
    before: {},
    ...(kept.length === 0 ? {} : { keep: { grants: kept } }),
    shown: { from: "", to: wanted.sql },
    needs: ["CREATE ROUTINE", ...(kept.length === 0 ? [] : ["GRANT OPTION"])],
    accounts: { definers: definer === undefined ? [] : [definer], grantees: kept.map(granteeOf) },
  };
}

export async function replacing(
  db: Db,
  live: LiveProcedure,
  wanted: WantedProcedure,
  { kept, dialect, account, seesGrants }: Circumstances,
): Promise<Change> {
  const { name, sql = "", bytes, sqlMode, collation = "", charset = "", databaseCollation = "" } = live;
  const { definer } = wanted;
  const needs = ["CREATE ROUTINE", "ALTER ROUTINE"];
  const shown = { from: sql, to: wanted.sql };
  const old = {
    sql,
    ...(bytes === undefined ? {} : { bytes }),
    sqlMode,
    collation,
    charset,
    databaseCollation,
    grants: [],
  };
  if (dialect.can.createOrReplaceProcedure) {
    const accounts = { definers: definer === undefined ? [] : [definer] };
    return { statements: [statement(name, orReplace(wanted.sql))], before: old, keep: old, shown, needs, accounts };
  }
  const now = seesGrants ? await readProcedureGrants(db, name) : [];
  const grants = await ofExistingAccounts(db, [...kept, ...now]);
  const before = { ...old, grants };
  const blocked = {
    problem: `replacing procedure ${name} would revoke EXECUTE from accounts that this account cannot see`,
    next: `GRANT SELECT ON mysql.procs_priv TO ${formatAccount(account)};`,
  };
  return {
    statements: [dropping(name), statement(name, wanted.sql), ...grantStatements(name, grants)],
    before,
    keep: before,
    shown,
    callers,
    needs: [...needs, ...(grants.length === 0 ? [] : ["GRANT OPTION"])],
    accounts: {
      // The old procedure has to be created again if the new one is refused.
      definers: [definer, definerOf(sql)].filter((each) => each !== undefined),
      grantees: grants.map(granteeOf),
    },
    ...(seesGrants ? {} : { blocked }),
  };
}

export function dropping(name: string): Statement {
  return statement(name, `DROP PROCEDURE ${id(name)}`);
}

export function orReplace(sql: string): string {
  return sql.replace(/^CREATE (?!OR REPLACE)/, "CREATE OR REPLACE ");
}

export function statement(name: string, sql: string, session?: Statement["session"]): Statement {
  return { sql, locks: [`procedure ${name}`], ...(session === undefined ? {} : { session }) };
}
