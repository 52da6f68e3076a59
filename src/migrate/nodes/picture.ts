import { formatAccount } from "../../access/account.ts";
import type { NotVisible } from "../../access/not-visible.ts";
import { readPrivileges } from "../../access/privileges.ts";
import { assertMaySelect, grantTarget } from "../../access/require.ts";
import { introspect } from "../../catalog/introspect.ts";
import { type Server, readServer } from "../../catalog/server.ts";
import type { Db } from "../../db/db.ts";
import type { Catalog } from "../../model.ts";
import { type LiveProcedure, readProcedures, seesAllProcedures } from "../../repeatables/procedures/live.ts";
import { type Entry, readJournal } from "../../state/journal.ts";

/** What a node shows of its database: everything in which two nodes must not differ. */
export interface Picture {
  readonly server: Server;
  /** The whole database, not only what migrations are about. */
  readonly catalog: Catalog;
  readonly procedures: readonly LiveProcedure[];
  readonly journal: readonly Entry[];
  /** False where others may exist. */
  readonly sees: { readonly triggers: boolean; readonly routines: boolean };
  readonly notVisible: readonly NotVisible[];
}

/** Reads it by SELECT and SHOW. Throws MISSING_PRIVILEGE for an account that does not see every table. */
export async function readPicture(db: Db): Promise<Picture> {
  const server = await readServer(db);
  await assertMaySelect(db, server.account);
  const catalog = await introspect(db, server.dialect);
  const names = catalog.routines.flatMap(({ kind, name }) => (kind === "procedure" ? [name] : []));
  const { byName } = names.length === 0 ? { byName: new Map() } : await readProcedures(db, names, server.dialect);
  const read = { server, catalog, procedures: [...byName.values()] };
  const sees = {
    triggers: (await readPrivileges(db)).missing(["TRIGGER"]).length === 0,
    routines: await seesAllProcedures(db, server.dialect),
  };
  return { ...read, journal: await readJournal(db), sees, notVisible: await hiddenIn(db, read, sees) };
}

// --- internal ---

async function hiddenIn(
  db: Db,
  { catalog, procedures, server }: Pick<Picture, "catalog" | "procedures" | "server">,
  sees: Picture["sees"],
): Promise<NotVisible[]> {
  const to = formatAccount(server.account);
  const { privilege, on } = server.dialect.names.readAllRoutines;
  const isTextHidden =
    procedures.some(({ sql }) => sql === undefined) ||
    catalog.routines.some(({ definition, kind }) => kind === "function" && definition === undefined);
  const hidden: NotVisible[] = [];
  if (isTextHidden || !sees.routines) {
    const problem = "this account cannot read every procedure and function";
    hidden.push({ problem, next: `GRANT ${privilege} ON ${on} TO ${to};` });
  }
  const onDatabase = async (problem: string, wanted: string) =>
    hidden.push({ problem, next: `GRANT ${wanted} ON ${await grantTarget(db)}.* TO ${to};` });
  if (catalog.views.some(({ definition }) => definition === undefined))
    await onDatabase("this account cannot read every view", "SHOW VIEW");
  if (!sees.triggers) await onDatabase("this account cannot see triggers", "TRIGGER");
  return hidden;
}
