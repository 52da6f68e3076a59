/** Reset and check of a sandbox's databases by another process. */
import { connect } from "../db/connect.ts";
import { type Db, toOwnServer } from "../db/db.ts";
import { type Difference, checkDatabase } from "../reset/check.ts";
import { resetDatabase } from "../reset/reset.ts";
import { SCHEMA } from "../reset/tables.ts";
import type { Description } from "./description.ts";

/**
 * Restores these databases exactly, one after the other: by the procedure, or by making every object again where the
 * procedure cannot. Throws the error of the second way.
 */
export async function resetSandbox(
  sandbox: Description,
  names: readonly string[],
): Promise<{ readonly name: string; readonly rebuilt: boolean }[]> {
  await using db = await connectAsAdmin(sandbox);
  const done: { readonly name: string; readonly rebuilt: boolean }[] = [];
  for (const name of names) done.push({ name, rebuilt: await restore(db, name) });
  return done;
}

/** Restores one database exactly; true if every object was made again, because the procedure could not restore it. */
export async function restore(db: Db, name: string): Promise<boolean> {
  const rebuilt = !(await isResetByProcedure(db, name));
  if (rebuilt) await resetDatabase(db, name);
  return rebuilt;
}

/** Compares these databases with their template; a difference is a sentence. */
export async function checkSandbox(
  sandbox: Description,
  names: readonly string[],
): Promise<{ readonly name: string; readonly differences: readonly string[] }[]> {
  await using db = await connectAsAdmin(sandbox);
  const checked: { readonly name: string; readonly differences: readonly string[] }[] = [];
  for (const name of names) {
    const differences = await checkDatabase(db, name);
    checked.push({
      name,
      differences: differences.map(formatDifference),
    });
  }
  return checked;
}

// --- internal ---

/** "table ProcessingJob is missing", "rows of ProcessingJob differ" */
function formatDifference({ kind, name, what }: Difference): string {
  if (kind === "rows") return `rows of ${name} differ`;
  const object = kind === "AUTO_INCREMENT" ? `AUTO_INCREMENT of ${name}` : `${kind} ${name}`;
  return what === "different" ? `${object} differs` : `${object} is ${what}`;
}

function connectAsAdmin({ host, port, admin: { user, password } }: Description): Promise<Db> {
  return connect({ host, port, user, password, database: SCHEMA, ...toOwnServer });
}

async function isResetByProcedure(db: Db, name: string): Promise<boolean> {
  try {
    await db.run(`CALL ${SCHEMA}.reset(?)`, [name]);
    return true;
  } catch {
    // Whatever the reason is, the other way restores everything, or fails with a reason of its own.
    return false;
  }
}
