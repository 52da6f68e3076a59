/** What `down` would undo, the newest first, and what would be lost. Nothing is changed here. */
import { type Difference, formatDifference, formatObject } from "../catalog/difference.ts";
import { withNeeds } from "../catalog/hidden.ts";
import { introspect, storedObjects } from "../catalog/introspect.ts";
import type { Server } from "../catalog/server.ts";
import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { type Catalog, findTable } from "../model.ts";
import { counted, plural } from "../plural.ts";
import { type DownRepeatable, planRepeatablesDown } from "../repeatables/down.ts";
import { placeholders } from "../sql.ts";
import { parsePrevious } from "../state/previous.ts";
import { kindOf, objectOf } from "../state/repeatable-names.ts";
import { existingToolTables, seededStories } from "../state/tables.ts";
import type { Facts, Undo } from "../steps/contract.ts";
import { inPart, inspect, present, undo } from "../steps/index.ts";
import { type StepRef, describeStepRef } from "../steps/step-ref.ts";
import type { Step } from "../steps/step.ts";
import { inAppliedOrder } from "./applied-order.ts";
import { countLost } from "./count-loss.ts";
import { type Elsewhere, readElsewhere, referringElsewhere } from "./elsewhere.ts";
import { type Migration, positionOf } from "./load-migrations.ts";
import type { Gone } from "./mentions.ts";
import type { PlannedMigration, PlannedStep } from "./plan.ts";
import { type Plan, factsOfPlan } from "./read-plan.ts";
import { asideOf, asideTablesOf, liesAside } from "./set-aside.ts";

/** `to` is undone as well, as in umzug. */
export type Until = { readonly to: string } | { readonly last: number };

export interface DownStep extends StepRef {
  readonly title: string;
  /** done: created by this step, and undone. adopted: already there when `up` came to it; only its record is deleted. */
  readonly made: "done" | "adopted";
  /** True if the object of an adopted step remains: no other step of this plan drops it. */
  readonly stays?: boolean;
  /** Undefined if nothing is left to undo. */
  readonly undo?: Undo;
  /** The number of rows that lose a value, or are deleted. */
  readonly rows: number;
}

export interface DownMigration {
  readonly name: string;
  /** In the order in which they are undone. */
  readonly steps: readonly DownStep[];
}

export interface DownPlan extends Elsewhere {
  readonly server: Server;
  readonly catalog: Catalog;
  /** Newest first. */
  readonly migrations: readonly DownMigration[];
  /** Procedures, rows of SchemaStatus and privileges that depend on them, in the order in which they are undone first. */
  readonly repeatables: readonly DownRepeatable[];
  /** Nothing recorded remains: the tool's own tables are dropped, too. */
  readonly everything: boolean;
  /** Stories whose rows are recorded only in the tool's own table. */
  readonly seeded: readonly string[];
}

/** Throws USAGE for an invalid name or number, and CONFLICT if other objects depend on what would be dropped. */
export async function planDown(db: Db, plan: Plan, migrations: readonly Migration[], until: Until): Promise<DownPlan> {
  const recorded = inAppliedOrder(plan.migrations.filter(isUndoable), plan.context.entries);
  const targets = chosen(recorded, migrations, until).toReversed();
  const { facts, steps } = planSteps(targets, await withReferring(db, plan, targets));
  assertWaysBack(plan, steps);
  assertNotBlocked(plan, steps, await referringElsewhere(db, plan.server, madeTables(targets)));
  for (const step of steps) {
    if (step.undo !== undefined)
      await assertFitsOldColumn(db, step, step.undo, (table) => removedBefore(step, steps, table));
  }
  const withRows: DownStep[] = [];
  for (const step of steps) withRows.push({ ...step, rows: await countLoss(db, step, steps, facts.catalog) });
  const isAll = targets.length === recorded.length;
  const made = withRows.filter((step) => step.made === "done").map(({ step }) => step);
  const names = targets.map(({ migration }) => migration.name);
  const scope = { migrations: names, steps: made, everything: isAll };
  const repeatables = await planRepeatablesDown(db, plan.context, scope);
  return {
    server: plan.server,
    catalog: plan.catalog,
    repeatables,
    ...(await readElsewhere(db, plan.server, goneOf(steps, repeatables))),
    migrations: targets.map(({ migration: { name } }) => ({
      name,
      steps: withRows.filter((step) => step.migration === name),
    })),
    everything: isAll && (await existingToolTables(db)).size > 0,
    seeded: await seededStories(db),
  };
}

/** Throws CONFLICT if rows prevent the undo of this step; `gone` are conditions of rows that will be deleted before. */
export async function assertFitsOldColumn(
  db: Db,
  ref: StepRef,
  { refusals = [] }: Undo,
  gone: (table: string) => readonly string[] = () => [],
): Promise<void> {
  for (const { counts, sql: all, table } of refusals) {
    const sql = [all, ...gone(table).map((condition) => `NOT (${condition})`)].join(" AND ");
    const n = await count(db, sql);
    if (n === 0) continue;
    throw new MigrateError("CONFLICT", `cannot undo ${describeStepRef(ref)} while other rows refer to its rows`, {
      where: db.database,
      found: counted(n, counts),
      done: "this step was not begun",
      next: [`look at them: ${sql};`, "change or delete them, then run the same command again"],
    });
  }
}

// --- internal ---

/** Done or adopted, at least in part. There is nothing to undo in a skip, or where no step was done. */
function isUndoable({ entry, steps }: PlannedMigration): boolean {
  const entries = [entry, ...steps.map((step) => step.entry)];
  return entries.some((each) => each !== undefined && each.state !== "skipped" && each.state !== "not done");
}

function chosen(
  recorded: readonly PlannedMigration[],
  migrations: readonly Migration[],
  until: Until,
): readonly PlannedMigration[] {
  if ("to" in until) {
    const from = positionOf(migrations, until.to);
    const named = recorded.findIndex(({ migration }) => migration.name === until.to);
    const at =
      named >= 0 ? named : recorded.findIndex(({ migration }) => positionOf(migrations, migration.name) >= from);
    return at < 0 ? [] : recorded.slice(at);
  }
  if (until.last <= recorded.length) return recorded.slice(-until.last);
  if (recorded.length === 0) {
    throw new MigrateError("USAGE", "no migration is recorded in this database: there is nothing to undo", {
      done: "nothing was changed",
      next: hint("status", { note: "shows what exists" }),
    });
  }
  throw new MigrateError(
    "USAGE",
    `--last ${until.last} is too many: ${plural(recorded.length, "migration")} ${recorded.length === 1 ? "is" : "are"} recorded`,
    {
      done: "nothing was changed",
      next: hint("status", { note: "lists them" }),
    },
  );
}

/** Throws CONFLICT for a .sql file without a file beside it that says how to go back. */
function assertWaysBack({ migrations, catalog }: Plan, steps: readonly Uncounted[]): void {
  const without = steps.filter(
    ({ step, undo: way }) => step.kind === "sqlStatement" && way !== undefined && step.undo === undefined,
  );
  const names = [...new Set(without.map(({ migration }) => migration))];
  const [first] = names;
  if (first === undefined) return;
  const planned = migrations.find(({ migration }) => migration.name === first);
  const file = planned?.migration.file?.replace(/\.sql$/, ".down.sql") ?? "";
  throw new MigrateError("CONFLICT", `cannot undo ${first}: nothing says how`, {
    where: catalog.database,
    found: `${names.join(", ")}: a .sql file without a .down.sql beside it`,
    done: "nothing was changed",
    next: [
      `write ${file} with ${plural(planned?.steps.length ?? 0, "statement")}: the first undoes the last of the .sql, and so on. Where nothing has to be undone, write: DO 0;`,
      "then run the same command again",
    ],
  });
}

/** The facts of the plan, with everything that refers to what would be dropped (tables, views, triggers) and what is set aside. */
async function withReferring(db: Db, plan: Plan, targets: readonly PlannedMigration[]): Promise<Facts> {
  const facts = factsOfPlan(plan);
  const { views, triggers } = await storedObjects(db);
  const seen = { ...facts.catalog, views, triggers };
  const made = madeTables(targets);
  if (made.length === 0) return { ...facts, catalog: seen };
  const rows = await db.rows<{ name: string }>(
    "SELECT DISTINCT TABLE_NAME AS name FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() " +
      `AND REFERENCED_TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IN (${placeholders(made)})`,
    made,
  );
  const steps = targets.flatMap((target) => target.steps.map(({ step }) => step));
  const more = [...rows.map(({ name }) => name), ...steps.flatMap(asideTablesOf)];
  const { tables } = await introspect(db, plan.server.dialect, { tables: more });
  return { ...facts, catalog: withNeeds({ ...seen, tables: { ...seen.tables, ...tables } }, plan.needs) };
}

/** Tables that are dropped or lose lookup rows. */
function madeTables(targets: readonly PlannedMigration[]): string[] {
  return targets.flatMap(({ steps }) =>
    steps.flatMap(({ step }) => (step.kind === "createTable" || step.kind === "insertRows" ? [step.table] : [])),
  );
}

type Uncounted = Omit<DownStep, "rows">;

/** Inspects each step in the catalog as the steps undone before it will have left it. */
function planSteps(targets: readonly PlannedMigration[], facts: Facts): { facts: Facts; steps: Uncounted[] } {
  let { catalog } = facts;
  const steps = targets
    .flatMap((target) => target.steps.toReversed())
    .flatMap((planned): Uncounted[] => {
      const { checksum, entry, migration, number, step, title } = planned;
      if (entry === undefined) return [];
      const place = { checksum, migration, number, step, title };
      if (entry.state === "not done") return [{ ...place, made: "done" }];
      if (entry.state === "found") return [{ ...place, made: "adopted" }];
      const undoing = undoOf(planned, { ...facts, catalog });
      if (undoing === undefined) return [{ ...place, made: "done" }];
      catalog = undoing.after;
      return [{ ...place, made: "done", undo: undoing }];
    });
  const end = { ...facts, catalog };
  return {
    facts,
    steps: steps.map((each) => (each.made === "adopted" ? { ...each, stays: stays(each.step, end) } : each)),
  };
}

/** Whether an object of this step is still there at the end; a step that only changes rows or rules has none. */
function stays(step: Step, end: Facts): boolean {
  return present(step, []) === "already there" && inspect(step, end).state === "present";
}

/** What is not there afterwards. */
function goneOf(steps: readonly Uncounted[], repeatables: readonly DownRepeatable[]): Gone {
  const undone = repeatables.filter(({ made, name }) => made === "done" && kindOf(name) === "procedures");
  const dropped = undone.filter(({ statements }) => statements.every(({ sql }) => sql.startsWith("DROP")));
  const nameOf = ({ name }: DownRepeatable) => objectOf(name);
  return {
    steps: steps.flatMap(({ made, step, undo: undoing }) => (made === "done" && undoing !== undefined ? step : [])),
    procedures: dropped.map(nameOf),
    undone: undone.map(nameOf),
  };
}

/** Undefined if the step is already gone. */
function undoOf({ step, entry }: PlannedStep, facts: Facts): Undo | undefined {
  const before = parsePrevious(entry);
  // Of a statement in a .sql file only the journal knows.
  if (step.kind === "sqlStatement" && entry?.state === "done") return undo(step, facts, before);
  const verdict = inspect(step, facts);
  if (verdict.state === "present" || (verdict.state === "absent" && inPart(step, facts)))
    return undo(step, facts, before);
  if (verdict.state === "absent") {
    return liesAside(step, facts.catalog) ? undo(asideOf(step), facts, before) : undefined;
  }
  // An object that no longer has the form that we created was changed by hand, at least in part.
  return { blocked: verdict.conflicts.map(({ difference }) => difference), after: facts.catalog };
}

function assertNotBlocked(plan: Plan, steps: readonly Uncounted[], elsewhere: readonly Difference[]): void {
  const blocked = [...steps.flatMap((step) => step.undo?.blocked ?? []), ...elsewhere];
  if (blocked.length === 0) return;
  const first = steps.find((step) => (step.undo?.blocked.length ?? 0) > 0);
  const what = first === undefined ? "what other databases refer to" : describeStepRef(first);
  // What was not expected at all is the facility's own; the rest are changes to what this tool created.
  const own = [...new Set(blocked.filter(({ expected }) => expected === undefined).map(formatObject))];
  // `verify` reports these, most of them with a statement; the rest is only in the way of an undo.
  const reported = new Set(verdictsOf(plan).map(formatDifference));
  const changed = blocked.filter(({ expected }) => expected !== undefined).map(formatDifference);
  const byVerify = changed.filter((each) => reported.has(each));
  throw new MigrateError("CONFLICT", `cannot undo ${what}`, {
    where: plan.catalog.database,
    found: [...new Set(blocked.map(formatDifference))],
    done: "nothing was changed",
    next: [
      ...(own.length === 0 ? [] : [`drop ${own.join(", ")}`]),
      ...(byVerify.length === changed.length ? [] : ["change by hand what is found above"]),
      ...(byVerify.length === 0 ? [] : [hint("verify", { note: "prints how to undo these changes" })]),
      "afterwards run the same command again",
    ],
  });
}

function verdictsOf({ migrations }: Plan): Difference[] {
  const verdicts = migrations.flatMap(({ steps }) => steps.map(({ verdict }) => verdict));
  return verdicts.flatMap((verdict) =>
    verdict.state === "conflict" ? verdict.conflicts.map(({ difference }) => difference) : [],
  );
}

/** Lookup rows that a step of the same plan deletes are not lost with their table. */
async function countLoss(db: Db, step: Uncounted, steps: readonly Uncounted[], catalog: Catalog): Promise<number> {
  const loss = step.undo?.loss;
  const table = loss === undefined ? undefined : findTable(catalog, loss.table);
  if (loss === undefined || table === undefined) return 0;
  const removed = removedBefore(step, steps, loss.table).map((condition) => `NOT (${condition})`);
  return countLost(db, table, [loss.where, ...removed].join(" AND "));
}

/** Conditions of the rows of this table that earlier steps of the plan delete. */
function removedBefore(step: Uncounted, steps: readonly Uncounted[], table: string): string[] {
  return steps
    .slice(0, steps.indexOf(step))
    .flatMap(({ step: other, undo: taken }) =>
      taken?.removes !== undefined && other.kind === "insertRows" && other.table === table ? [taken.removes] : [],
    );
}
