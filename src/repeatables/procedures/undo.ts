/** Undoes a procedure: creates the earlier one again, or drops ours if there was none. */
import type { Db } from "../../db/db.ts";
import { canonicalCollation } from "../../dialect/normalize/charset.ts";
import { MigrateError } from "../../errors.ts";
import { hint } from "../../hint.ts";
import { id, text } from "../../sql.ts";
import { type Recorded, keptOf, parsePrevious } from "../../state/previous.ts";
import type { Statement } from "../../steps/contract.ts";
import { objectOf } from "../../state/repeatable-names.ts";
import { skipCommand } from "../../state/skips.ts";
import type { RepeatableContext } from "../context.ts";
import type { RepeatableUndo } from "../repeatable.ts";
import type { Server } from "../../catalog/server.ts";
import { unreadableProcedure } from "./unreadable.ts";
import { type OldProcedure, dropping, orReplace, statement } from "./change.ts";
import { definerOf, definitionChecksums, parseDefinition } from "./definition.ts";
import {
  type ProcedureGrant,
  granteeOf,
  grantStatements,
  ofExistingAccounts,
  readProcedureGrants,
} from "./execute-grants.ts";
import { type LiveProcedure, readProcedures } from "./live.ts";
import { isUtf8 } from "./in-bytes.ts";
import { restored } from "./restored.ts";

/** Throws CONFLICT if the procedure was changed since we created it. */
export async function undoProcedure(
  db: Db,
  entry: Recorded,
  { entries, server }: Pick<RepeatableContext, "entries" | "server">,
): Promise<RepeatableUndo> {
  const name = objectOf(entry.migration);
  const { byName } = await readProcedures(db, [name], server.dialect);
  const live = byName.get(name.toLowerCase());
  if (live !== undefined) await assertUnedited(db, name, live, entry, server);
  const before = parsePrevious<OldProcedure>(entry);
  const drop = live === undefined ? [] : [dropping(name)];
  const liveDefiner = definerOf(live?.sql ?? "");
  const dropped = liveDefiner === undefined ? [] : [liveDefiner];
  if (before.sql === undefined) return { statements: drop, accounts: { dropped } };
  const sql = restored(before.sql, before.sqlMode ?? "");
  const definer = definerOf(sql);
  const definers = definer === undefined ? [] : [definer];
  const remains = await otherCollation(db, before);
  if (server.dialect.can.createOrReplaceProcedure) {
    return { statements: [again(name, before, sql, orReplace)], accounts: { definers }, ...remains };
  }
  const { grants: kept = [] } = keptOf<{ grants: readonly ProcedureGrant[] }>(entries, entry.migration);
  const now = live === undefined ? [] : await readProcedureGrants(db, name);
  const grants = await ofExistingAccounts(db, [...(before.grants ?? []), ...kept, ...now]);
  const made = again(name, before, sql, (each) => each);
  return {
    statements: [...drop, made, ...grantStatements(name, grants)],
    accounts: { definers, dropped, grantees: grants.map(granteeOf) },
    ...remains,
    ...(grants.length === 0 ? {} : { keep: { grants }, needs: ["GRANT OPTION"] }),
  };
}

// --- internal ---

/** A procedure takes the collation of its database when it is created, and no variable of a session changes that (measured). */
async function otherCollation(db: Db, { databaseCollation = "" }: Partial<OldProcedure>) {
  if (databaseCollation === "") return {};
  const [row] = await db.rows<{ now: string }>("SELECT @@collation_database AS now");
  const now = row?.now ?? "";
  if (canonicalCollation(now) === canonicalCollation(databaseCollation)) return {};
  const what = `parameters and variables without a character set of their own had ${databaseCollation}, and get ${now}`;
  return { remains: `${what}, because the database was altered meanwhile` };
}

/** The statement that makes the earlier procedure, in the session that it was made in. */
function again(name: string, before: Partial<OldProcedure>, sql: string, form: (sql: string) => string): Statement {
  const { bytes, charset = "", collation = "", sqlMode = "" } = before;
  // A text in ASCII has the same bytes in every client character set.
  const keepsCharset = bytes !== undefined || isUtf8(charset) || /^\p{ASCII}*$/u.test(sql);
  const made = statement(name, form(sql), {
    sql_mode: text(sqlMode),
    collation_connection: text(collation),
    ...(keepsCharset && charset !== "" ? { character_set_client: text(charset) } : {}),
  });
  if (bytes === undefined) return made;
  const encoded = form(Buffer.from(bytes, "hex").toString("latin1"));
  return { ...made, bytes: Buffer.from(encoded, "latin1").toString("hex") };
}

async function assertUnedited(
  db: Db,
  name: string,
  live: LiveProcedure,
  entry: Recorded,
  server: Server,
): Promise<void> {
  if (entry.state === "intended") return;
  if (live.sql === undefined) throw unreadable(db, name, server);
  const definition = parseDefinition(live.sql);
  if (definition !== undefined) {
    const checksums = definitionChecksums({ ...definition, sqlMode: live.sqlMode });
    if (checksums.some((each) => each === entry.checksum)) return;
  }
  throw new MigrateError("CONFLICT", `procedure ${name} was changed after this tool created it`, {
    where: `${db.database}.${name}`,
    found: "its text or its settings differ from what this tool created",
    done: "nothing was changed",
    next: [
      `SHOW CREATE PROCEDURE ${id(name)};   -- save its text if you need it`,
      hint("up", { options: { repair: true }, note: "either this: creates the procedure of this tool again" }),
      skipCommand([entry.migration], "or this: keeps your version; `down` will not touch it"),
      "afterwards run the same command again",
    ],
  });
}

/** It may be unchanged: an account that does not own a procedure needs a privilege to read it. */
function unreadable(db: Db, name: string, { account, dialect }: Server): MigrateError {
  const { problem, next } = unreadableProcedure(name, account, dialect);
  return new MigrateError("MISSING_PRIVILEGE", `this account cannot read procedure ${name}, which would be undone`, {
    where: `${db.database}.${name}`,
    found: problem,
    wanted: "the text of the procedure: it is undone only if it was not changed after this tool created it",
    done: "nothing was changed",
    next: [next, "afterwards run the same command again"],
  });
}
