/** The privileges that every `up` needs, and those that the due repeatables need beyond them: MISSING_PRIVILEGE. */
import { assertAnyGlobalPrivilege, assertPrivileges } from "../access/require.ts";
import type { Db } from "../db/db.ts";
import { dueChanges } from "../repeatables/repeatable.ts";
import type { Subject } from "./check.ts";

export async function assertDatabasePrivileges(db: Db, { plan, request }: Subject): Promise<void> {
  const changes = dueChanges(plan.repeatables, request.repair);
  // With these, objects become visible that this account cannot see now.
  const toSee = plan.repeatables.flatMap(({ live, state }) =>
    state === "hidden" && live.state === "hidden" ? (live.needs ?? []) : [],
  );
  const needed = new Set([...changes.flatMap(({ needs }) => needs), ...toSee]);
  await assertPrivileges(db, plan.server.account, [...needed]);
}

/** One of several global privileges is enough. */
export async function assertGlobalPrivileges(db: Db, { plan, request }: Subject): Promise<void> {
  const changes = dueChanges(plan.repeatables, request.repair);
  const needed = changes.flatMap(({ global }) => global ?? []);
  await assertAnyGlobalPrivilege(db, plan.server.account, needed, "this account cannot create roles");
}
