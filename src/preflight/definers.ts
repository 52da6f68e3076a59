/** The accounts that procedures run as. */
import { formatAccount } from "../access/account.ts";
import { assertMayName } from "../access/definers.ts";
import { isAccount } from "../access/role.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { dueChanges } from "../repeatables/repeatable.ts";
import { type Next, withNote } from "../hint.ts";
import { upCommand } from "../plan/up-command.ts";
import { listed } from "../plural.ts";
import { formatPowerless, powerlessDefiners } from "../repeatables/definers.ts";
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
  await assertMayName(
    db,
    plan.server,
    changes.flatMap(({ accounts }) => accounts ?? []),
    // Where a procedure is dropped to replace it, the server has to take the old one again: with its own DEFINER.
    [
      ...(plan.server.dialect.can.createOrReplaceProcedure ? [asThisAccount(plan, request)] : []),
      ...without(plan, request),
    ],
  );
}

/** Throws MISSING_PRIVILEGE if an account that procedures run as certainly lacks what they need: calls would fail. */
export function assertDefinersAble({ plan, request, retry }: Subject): void {
  const powerless = powerlessDefiners(plan.repeatables);
  if (powerless.length === 0) return;
  const accounts = powerless.map(({ account }) => account);
  const isOther = accounts.some((account) => account !== plan.server.account);
  throw new MigrateError("MISSING_PRIVILEGE", `calls of procedures would fail: they run as ${listed(accounts)}`, {
    where: plan.catalog.database,
    found: powerless.map(formatPowerless),
    wanted: "a DEFINER that may do what its procedures do, and execute them",
    done: "nothing was changed",
    next: [
      ...powerless.map(({ grant }) => grant),
      withNote(retry, "afterwards"),
      ...(isOther ? [asThisAccount(plan, request)] : []),
      ...without(plan, request),
    ],
  });
}

// --- internal ---

type Planned = Pick<Subject, "plan" | "request">;

function asThisAccount(plan: Planned["plan"], request: Planned["request"]): Next {
  const routines = { ...request.routines, definer: plan.server.account };
  return withNote(
    upCommand({ ...request, routines }),
    "or: procedures run as this account from then on, and fail when it is dropped",
  );
}

function without(plan: Planned["plan"], request: Planned["request"]): Next[] {
  return [withNote(skipping({ plan, request }, ["procedures"]), "or: applies the rest, without procedures")];
}
