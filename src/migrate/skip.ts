/** What is left as it is on purpose: the journal has the reason, and `status` and `verify` keep showing it. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Entry, entryOf } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { isRepeatable, repeatKinds } from "./repeat/repeatable.ts";
import type { Survey } from "./survey.ts";
import { allowSkipped } from "./tool-tables.ts";

/** A migration, a repeatable, or a kind of repeatables as a whole. Without a reason it is skipped no longer. */
export interface Skip {
  readonly name: string;
  readonly reason?: string;
}

/** Why this migration or repeatable, or the kind that it belongs to, is skipped; undefined where it is not. */
export function reasonOf(entries: readonly Entry[], name: string): string | undefined {
  const [kind = name] = name.split("/");
  const entry = [name, kind].map((each) => entryOf(entries, each, 0)).find((each) => each?.state === "skipped");
  if (entry === undefined) return undefined;
  return (JSON.parse(entry.previous ?? "{}") as { reason?: string }).reason ?? "";
}

/** The journal as it will be. */
export function applySkip(entries: readonly Entry[], { name, reason }: Skip): Entry[] {
  const others = entries.filter((entry) => !(isSkipped(entry) && entry.migration === name));
  if (reason === undefined || others.some((entry) => entry.migration === name && entry.step === 0)) return others;
  const row = { migration: name, step: 0, state: "skipped", checksum: null, what: "skipped", statement: null } as const;
  return [...others, { ...row, previous: JSON.stringify({ reason }), account: "", finishedAt: null }];
}

/** Throws USAGE where there is no such name, or it is applied already, or not skipped. */
export function refuseSkip(found: Survey, { name, reason }: Skip): void {
  const names = [
    ...found.migrations.map(({ migration }) => migration.name),
    ...found.repeatables.map((each) => each.name),
  ];
  if (!names.includes(name) && !repeatKinds.some((kind) => kind === name)) {
    throw new MigrateError("USAGE", `nothing is named ${name}`, {
      wanted: names.filter((each) => each.includes(name)),
      done: "nothing was changed",
      next: "ispyb-migrate status   # lists the names",
    });
  }
  const entry = entryOf(found.context.entries, name, 0);
  if (reason === undefined || entry === undefined || isSkipped(entry)) return;
  throw new MigrateError("USAGE", `${name} is applied already, and cannot be skipped any more`, {
    found: `${entry.state} ${entry.finishedAt ?? ""}`.trim(),
    done: "nothing was changed",
    next: `ispyb-migrate down --to ${name}   # takes it back, with all that came after it`,
  });
}

export async function writeSkip(db: Db, ledger: Ledger, { name, reason }: Skip): Promise<void> {
  if (reason === undefined) return ledger.forgetRow(name, 0);
  await db.run(allowSkipped);
  const what = isRepeatable(name) ? "skipped" : "migration";
  await ledger.writeRow({
    migration: name,
    step: 0,
    what,
    state: "skipped",
    checksum: "",
    previous: JSON.stringify({ reason }),
  });
}

function isSkipped({ state, step }: Entry): boolean {
  return state === "skipped" && step === 0;
}
