/** What may go wrong in a run that no check refuses: notes of `plan`, and of `up` before its question. */
import type { Db } from "../db/db.ts";
import type { Plan } from "../plan/read-plan.ts";
import { noteOnLeftOver, tablesChanged } from "./online-changes.ts";
import { noteOnOnlineLog } from "./online-log.ts";
import { noteOnRoom } from "./room.ts";

/** One text for each. Only reads; may measure for a second. */
export async function readWarnings(db: Db, plan: Plan): Promise<string[]> {
  const notes = [
    await noteOnLeftOver(db, tablesChanged(plan)),
    await noteOnRoom(db, plan),
    await noteOnOnlineLog(db, plan),
  ];
  return notes.filter((text) => text !== undefined);
}
