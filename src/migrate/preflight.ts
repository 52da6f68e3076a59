/** Everything that would stop a run half-way, asked before its first statement. */
import { readPrivileges } from "../catalog/privileges.ts";
import type { Db } from "../db/db.ts";
import type { Difference } from "../catalog/compare.ts";
import { MigrateError } from "../errors.ts";
import { id } from "../sql.ts";
import { precondition } from "../steps/index.ts";
import type { Count } from "../steps/step.ts";
import { type Survey, isOwed } from "./survey.ts";

/** What steps and journal need on the whole database; ALTER TABLE asks for CREATE and INSERT too. */
const needed = ["SELECT", "INSERT", "UPDATE", "CREATE", "ALTER", "INDEX", "REFERENCES"];

/** Throws the first reason not to begin; changes nothing. */
export async function preflight(db: Db, found: Survey): Promise<void> {
  refuseSchema(found);
  if (found.migrations.some(isOwed)) await refuseServer(db, found);
}

/** What the survey alone shows: HISTORY_CHANGED, CONFLICT or DRIFT. */
export function refuseSchema(found: Survey): void {
  refuseChangedHistory(found);
  refuseConflicts(found);
  refuseDrift(found);
}

/** What has to be asked of the server: SERVER_READ_ONLY, MISSING_PRIVILEGE or ORPHANS. */
export async function refuseServer(db: Db, found: Survey): Promise<void> {
  if (found.server.readOnly) {
    throw new MigrateError("SERVER_READ_ONLY", "this server is read-only", {
      where: found.server.node,
      done: "nothing was changed",
      next: "run against the primary: a replica gets the change from it",
    });
  }
  await refuseMissingPrivileges(db, found);
  await refuseOrphans(db, found);
}

function refuseChangedHistory(found: Survey): void {
  const edited = found.migrations
    .filter((each) => each.state === "edited")
    .map((each) => `${each.migration.name}: edited since it was applied`);
  const missing = found.missing.map((name) => `${name}: recorded, but its file is gone`);
  if (edited.length + missing.length === 0) return;
  throw new MigrateError("HISTORY_CHANGED", "the migrations on disk are not the ones that were applied", {
    where: found.catalog.database,
    found: [...edited, ...missing],
    done: "nothing was changed",
    next: "put the files back as they were (another version of ispyb-migrate?); what is new belongs into a new migration",
  });
}

function refuseConflicts(found: Survey): void {
  const conflicts = found.migrations.flatMap((each) =>
    each.steps.flatMap((step) =>
      step.verdict.state === "conflict"
        ? step.verdict.conflicts.map((conflict) => ({ conflict, step: `${each.migration.name} step ${step.number}` }))
        : [],
    ),
  );
  const [first] = conflicts;
  if (first === undefined) return;
  const repairs = conflicts.flatMap(({ conflict }) => conflict.repair ?? []);
  throw new MigrateError(
    "CONFLICT",
    `${conflicts.length === 1 ? "something else stands" : "other things stand"} where ${first.step} wants to build`,
    {
      where: `${found.catalog.database}.${first.conflict.difference.object}`,
      found: conflicts.map(({ conflict }) => spellDifference(conflict.difference)),
      done: "nothing was changed",
      next: [
        ...repairs,
        ...(repairs.length === conflicts.length
          ? ["ispyb-migrate up   # after these statements"]
          : [
              "if the object is not in use: rename it or drop it, then `ispyb-migrate up`",
              "if it is in use: change it by hand to what is wanted, then `ispyb-migrate up` adopts it",
            ]),
      ],
    },
  );
}

/** "column ProcessingJob.recipe, type: varchar(10) instead of varchar(50)" */
export function spellDifference(difference: Difference): string {
  const { part, object, aspect, expected, found } = difference;
  if (expected === undefined) return `${part} ${object} is the facility's own: ${found}`;
  if (found === undefined) return `${part} ${object} is missing: ${expected}`;
  return `${part} ${object}, ${aspect}: ${found} instead of ${expected}`;
}

/** A step that is recorded as applied and absent from the catalog was taken away by somebody: ask, do not guess. */
function refuseDrift(found: Survey): void {
  const drifted = found.migrations.filter((each) => each.state === "drift");
  if (drifted.length === 0) return;
  throw new MigrateError("DRIFT", "what was applied is no longer all there", {
    where: found.catalog.database,
    found: drifted.flatMap((each) =>
      each.steps
        .filter((step) => step.verdict.state === "absent")
        .map((step) => `${each.migration.name}: ${step.title} is missing`),
    ),
    done: "nothing was changed",
    next: "ispyb-migrate verify   # prints the statement that mends each of them",
  });
}

async function refuseMissingPrivileges(db: Db, found: Survey): Promise<void> {
  const missing = (await readPrivileges(db)).missing(needed);
  if (missing.length === 0) return;
  const [user, host] = splitAccount(found.server.account);
  throw new MigrateError("MISSING_PRIVILEGE", "this account may not make the change", {
    where: `${found.server.account} on ${found.catalog.database}`,
    found: `without ${missing.join(", ")}`,
    done: "nothing was changed",
    next: `GRANT ${missing.join(", ")} ON ${grantTarget(found.catalog.database)}.* TO '${user}'@'${host}';`,
  });
}

/** In a GRANT the name of a database is a pattern: _ and % mean themselves only behind a backslash. */
function grantTarget(database: string): string {
  return id(database.replaceAll(/[_%]/g, "\\$&"));
}

/** An account's name may hold an @; its host does not. */
function splitAccount(account: string): [string, string] {
  const at = account.lastIndexOf("@");
  return at < 0 ? [account, "%"] : [account.slice(0, at), account.slice(at + 1)];
}

/** What only the rows can tell, counted before anything is changed. */
async function refuseOrphans(db: Db, found: Survey): Promise<void> {
  for (const { migration, steps } of found.migrations) {
    for (const { number, step, verdict } of steps) {
      const count = verdict.state === "absent" ? precondition(step, found.catalog) : undefined;
      if (count === undefined) continue;
      const [row] = await db.rows<{ n: number }>(count.sql);
      if (Number(row?.n ?? 0) > 0) throw orphans(`${migration.name} step ${number}`, count, Number(row?.n));
    }
  }
}

export function orphans(where: string, count: Count, found: number): MigrateError {
  return new MigrateError("ORPHANS", `${found} ${count.counts}`, {
    where,
    done: "the foreign key was not added",
    next: [
      `look at them: ${count.sql.replace("COUNT(*) AS n", "child.*")};`,
      "set the column to NULL there, or insert the parents, then `ispyb-migrate up`",
    ],
  });
}
