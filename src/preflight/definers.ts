/** The accounts that procedures run as. */
import { formatAccount } from "../access/account.ts";
import { assertMayName } from "../access/definers.ts";
import { isAccount } from "../access/role.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { dueChanges } from "../repeatables/repeatable.ts";
import { withNote } from "../hint.ts";
import type { Subject } from "./check.ts";
import { skipping } from "./skipping.ts";

/** Throws CONFLICT if the account of --definer does not exist: calls of its procedures would fail. */
export async function assertDefinerExists(db: Db, { plan }: Subject): Promise<void> {
  const { definer } = plan.context.routines;
  const isUsed = plan.repeatables.some(({ kind, live }) => kind === "procedures" && "change" in live);
  if (definer === undefined || !isUsed) return;
  if ((await isAccount(db, definer)) !== false) return;
  throw new MigrateError("CONFLICT", `account ${definer} does not exist`, {
    where: plan.catalog.database,
    wanted: "an existing account: procedures run with the privileges of their DEFINER",
    done: "nothing was changed",
    next: `create the account ${formatAccount(definer)}, or choose another --definer`,
  });
}

/** Throws MISSING_PRIVILEGE if this account may not create, drop or grant procedures that run as another account. */
export async function assertDefinersAllowed(db: Db, { plan, request }: Subject): Promise<void> {
  const changes = dueChanges(plan.repeatables, request.repair);
  const others = [withNote(skipping({ plan, request }, ["procedures"]), "or: applies the rest, without procedures")];
  await assertMayName(
    db,
    plan.server,
    changes.flatMap(({ accounts }) => accounts ?? []),
    others,
  );
}
