/** The form of the mark: what its tables and procedures are, as an earlier run of this or another version made them. */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { ownResetProcedures } from "../own-files.ts";
import { installReset } from "../reset/install.ts";
import { SCHEMA, tables } from "../reset/tables.ts";
import { version } from "../version.ts";
import { dropDatabase, dropMark, dropUnfinished, dropUnusedContents } from "./drop.ts";
import { type Inventory, readInventory } from "./inventory.ts";
import { createLedger, ledgerTables, rememberForm } from "./ledger.ts";
import { hasPrefix, prefixOf } from "./names.ts";

/** Whether the mark has the tables of this version: those of another one cannot be used, only dropped. */
export function hasOwnTables({ form, isMarked }: Pick<Inventory, "form" | "isMarked">): boolean {
  return !isMarked || form?.split(" ")[0] === tablesForm();
}

/**
 * Throws CONFLICT if the mark has tables of another version and registers databases of other names: they would have to
 * be dropped with it, and are not this run's.
 */
export function assertOwnForm(inventory: Inventory, prefix: string): void {
  if (hasOwnTables(inventory)) return;
  const others = [...inventory.registered.keys()].filter((name) => !hasPrefix(prefix, name)).toSorted();
  if (others.length === 0) return;
  const prefixes = new Set(others.map(prefixOf));
  throw new MigrateError(
    "CONFLICT",
    `another version of this tool created database ${SCHEMA} and test databases of other names`,
    {
      where: SCHEMA,
      found: others,
      done: "nothing was changed",
      next: [
        "if their rows are not needed, drop them, then run the same command again:",
        ...[...prefixes].map((database) => hint("provision", { args: ["remove"], options: { database } })),
      ],
    },
  );
}

/**
 * Makes the mark what this version needs. Tables of another version go with all that they register. Procedures of this
 * version stay: others may be calling them.
 */
export async function installMark(db: Db, before: Inventory): Promise<void> {
  if (!hasOwnTables(before)) await dropAll(db, before);
  const wanted = `${tablesForm()} ${await proceduresForm()}`;
  if (before.form === wanted) return;
  await installReset(db, "provision");
  await createLedger(db);
  await rememberForm(db, wanted);
}

// --- internal ---

async function dropAll(db: Db, before: Inventory): Promise<void> {
  await createLedger(db);
  await dropUnfinished(db, before);
  for (const [name, { account, host }] of before.registered) await dropDatabase(db, name, account, host);
  await dropUnusedContents(db);
  if ((await readInventory(db)).registered.size === 0) await dropMark(db);
}

function tablesForm(): string {
  const hash = createHash("sha256");
  for (const sql of [...tables, ...ledgerTables]) hash.update(sql);
  return hash.digest("hex").slice(0, 24);
}

async function proceduresForm(): Promise<string> {
  const hash = createHash("sha256").update(version);
  for (const name of (await readdir(ownResetProcedures)).toSorted()) {
    hash.update(name).update(await readFile(new URL(name, ownResetProcedures)));
  }
  return hash.digest("hex").slice(0, 24);
}
