import { assertMayName } from "../access/definers.ts";
import { assertAnyGlobalPrivilege, assertPrivileges } from "../access/require.ts";
import type { Db } from "../db/db.ts";
import type { DownSubject } from "./check.ts";

/** Throws MISSING_PRIVILEGE if the account lacks a privilege on the database that this plan needs. */
export async function assertDownPrivileges(db: Db, { plan }: DownSubject): Promise<void> {
  const isLocking = plan.migrations.some(({ steps }) => steps.some(({ undo }) => undo?.hold === "lock"));
  const isRoutine = plan.repeatables.some(({ name, made }) => made === "done" && name.startsWith("procedures/"));
  const wanted = [
    "DROP",
    "DELETE",
    // Without these two, dependent views and triggers are not visible.
    "SHOW VIEW",
    "TRIGGER",
    ...(isLocking ? ["LOCK TABLES"] : []),
    ...(isRoutine ? ["CREATE ROUTINE", "ALTER ROUTINE"] : []),
    ...plan.repeatables.flatMap(({ needs }) => needs ?? []),
  ];
  await assertPrivileges(db, plan.server.account, [...new Set(wanted)]);
}

/** Throws MISSING_PRIVILEGE if roles that `up` created are dropped, and this account may not drop a role. */
export async function assertMayDropRoles(db: Db, { plan }: DownSubject): Promise<void> {
  const enough = plan.repeatables.flatMap(({ global }) => global ?? []);
  await assertAnyGlobalPrivilege(
    db,
    plan.server.account,
    enough,
    "this account cannot drop the roles that `up` created",
  );
}

/** Throws MISSING_PRIVILEGE if procedures are dropped or get back a form with a DEFINER that this account may not set. */
export async function assertDownDefiners(db: Db, { plan }: DownSubject): Promise<void> {
  const named = plan.repeatables.flatMap(({ accounts }) => accounts ?? []);
  await assertMayName(db, plan.server, named);
}
