import type { Db } from "../db/db.ts";
import { MigrateError, asList } from "../errors.ts";
import { withNote } from "../hint.ts";
import { findTable } from "../model.ts";
import { savedRows } from "../plan/saved-rows.ts";
import { counted } from "../plural.ts";
import { checkFolder } from "../save/save-file.ts";
import { select } from "../save/selection.ts";
import { type DownSubject, lossesOf } from "./check.ts";

/** Throws DATA_LOSS if rows must be saved under a lock that a cluster does not have on all its nodes. */
export function assertLockable({ plan, retry }: DownSubject): void {
  const locked = lossesOf(plan).filter(({ undo }) => undo.hold === "lock");
  if (!plan.server.cluster || locked.length === 0) return;
  throw new MigrateError("DATA_LOSS", "rows would be lost, and a cluster cannot lock a table on all its nodes", {
    where: plan.catalog.database,
    found: locked.map(({ rows, loss }) => counted(rows, loss.what)),
    done: "nothing was changed",
    next: [
      "save these values yourself, and change them to values that the old column accepts",
      withNote(retry, "afterwards"),
    ],
  });
}

/** Throws SAVE_FAILED if a file could not restore the rows that would be lost; of all tables at once. */
export function assertSavable({ plan, request }: DownSubject): void {
  const refused = new Map<string, MigrateError>();
  for (const { loss } of lossesOf(plan)) {
    const table = findTable(plan.catalog, loss.table);
    if (table === undefined || refused.has(table.name)) continue;
    try {
      select(savedRows(request.migrations, loss, { table, name: table.name }));
    } catch (error) {
      if (!(error instanceof MigrateError)) throw error;
      refused.set(table.name, error);
    }
  }
  const [first, ...others] = refused.values();
  if (first === undefined) return;
  const all = [first, ...others].map(({ details }) => details);
  throw new MigrateError(first.code, first.message, {
    ...first.details,
    where: [...refused.keys()].join(", "),
    found: all.flatMap((each) => asList(each.found)),
    // The last one is to run the command again.
    next: [...all.flatMap((each) => asList(each.next).slice(0, -1)), ...asList(first.details.next).slice(-1)],
  });
}

/** Throws SAVE_FAILED if rows must be saved and the folder for them cannot be used. */
export async function assertFolder(_: Db, { plan, request }: DownSubject): Promise<void> {
  if (lossesOf(plan).length > 0) await checkFolder(request.saveTo);
}
