/** What `down` would undo, the newest first, and what would be lost. Nothing is changed here. */
import { withNeeds } from "../catalog/hidden.ts";
import { introspect, storedObjects } from "../catalog/introspect.ts";
import { type Relation, readRelations, relationsOf } from "../catalog/relations.ts";
import type { Server } from "../catalog/server.ts";
import { readSizes } from "../catalog/sizes.ts";
import type { Db } from "../db/db.ts";
import type { Catalog } from "../model.ts";
import { type DownRepeatable, planRepeatablesDown } from "../repeatables/down.ts";
import { placeholders } from "../sql.ts";
import { parsePrevious } from "../state/previous.ts";
import { kindOf, objectOf } from "../state/repeatable-names.ts";
import { existingToolTables, inDropOrder, seededStories } from "../state/tables.ts";
import type { Facts, Undo } from "../steps/contract.ts";
import { inPart, inspect, present, undo } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";
import { inAppliedOrder } from "./applied-order.ts";
import { countLoss, removedBefore } from "./count-loss.ts";
import { assertFitsOldColumn, assertNotBlocked, assertWaysBack } from "./down-refusals.ts";
import type { DownStep, PlannedUndo, UncountedStep } from "./down-step.ts";
import { type Until, downTargets, isUndoable } from "./down-targets.ts";
import { type Elsewhere, readElsewhere, referringElsewhere } from "./elsewhere.ts";
import { forecast } from "./forecast.ts";
import type { Migration } from "./load-migrations.ts";
import { joinDrops } from "./join-drops.ts";
import type { Gone } from "./mentions.ts";
import type { PlannedMigration, PlannedStep } from "./plan.ts";
import { type Plan, factsOfPlan } from "./read-plan.ts";
import { asideOf, asideTablesOf, liesAside } from "./set-aside.ts";
import { undoStatements } from "./undo-statements.ts";

export interface DownMigration {
  readonly name: string;
  /** In the order in which they are undone. */
  readonly steps: readonly DownStep[];
}

export interface DownPlan extends Elsewhere {
  readonly server: Server;
  readonly catalog: Catalog;
  /** Foreign keys of the whole database. */
  readonly relations: readonly Relation[];
  /** Newest first. */
  readonly migrations: readonly DownMigration[];
  /** Procedures, rows of SchemaStatus and privileges that depend on them, in the order in which they are undone first. */
  readonly repeatables: readonly DownRepeatable[];
  /** Nothing recorded remains: the tool's own tables are dropped, too. */
  readonly everything: boolean;
  /** Those tables, in the order in which they are dropped. */
  readonly toolTables: readonly string[];
  /** Stories whose rows are recorded only in the tool's own table. */
  readonly seeded: readonly string[];
}

/** Throws USAGE for an invalid name or number, and CONFLICT if other objects depend on what would be dropped. */
export async function planDown(db: Db, plan: Plan, migrations: readonly Migration[], until: Until): Promise<DownPlan> {
  const recorded = inAppliedOrder(plan.migrations.filter(isUndoable), plan.context.entries);
  const targets = downTargets(recorded, migrations, until).toReversed();
  const { facts, steps } = planSteps(targets, await withReferring(db, plan, targets));
  assertWaysBack(plan, steps);
  assertNotBlocked(plan, steps, await referringElsewhere(db, plan.server, madeTables(targets)));
  for (const step of steps) {
    if (step.undo !== undefined)
      await assertFitsOldColumn(db, step, step.undo, (table) => removedBefore(step, steps, table));
  }
  const relations = await readRelations(db);
  const sent = await withForecasts(db, plan, steps, { ...facts, relations });
  const withRows: DownStep[] = [];
  for (const [at, step] of steps.entries())
    withRows.push({ ...step, sent: sent[at] ?? [], rows: await countLoss(db, step, steps, facts.catalog) });
  const isAll = targets.length === recorded.length;
  const toolTables = inDropOrder(await existingToolTables(db));
  const made = withRows.filter((step) => step.made === "done").map(({ step }) => step);
  const names = targets.map(({ migration }) => migration.name);
  const scope = { migrations: names, steps: made, everything: isAll };
  const repeatables = await planRepeatablesDown(db, plan.context, scope);
  return {
    server: plan.server,
    catalog: plan.catalog,
    relations,
    repeatables,
    ...(await readElsewhere(db, plan.server, goneOf(steps, repeatables))),
    migrations: targets.map(({ migration: { name } }) => ({
      name,
      steps: withRows.filter((step) => step.migration === name),
    })),
    everything: isAll && toolTables.length > 0,
    toolTables: isAll ? toolTables : [],
    seeded: await seededStories(db),
  };
}

// --- internal ---

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

/** Inspects each step in the catalog as the steps undone before it will have left it. */
function planSteps(targets: readonly PlannedMigration[], facts: Facts): { facts: Facts; steps: UncountedStep[] } {
  let { catalog } = facts;
  const steps = targets
    .flatMap((target) => target.steps.toReversed())
    .flatMap((planned): UncountedStep[] => {
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
    steps: joinDrops(steps).map((each) => (each.made === "adopted" ? { ...each, stays: stays(each.step, end) } : each)),
  };
}

/** Whether an object of this step is still there at the end; a step that only changes rows or rules has none. */
function stays(step: Step, end: Facts): boolean {
  return present(step) === "already there" && inspect(step, end).state === "present";
}

/** What is not there afterwards. */
function goneOf(steps: readonly UncountedStep[], repeatables: readonly DownRepeatable[]): Gone {
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

/** The statements of each step, with their forecasts. */
async function withForecasts(
  db: Db,
  { context, server }: Plan,
  steps: readonly UncountedStep[],
  facts: Facts & Pick<DownPlan, "relations">,
): Promise<PlannedUndo[][]> {
  const evidence = { journal: context.recorded };
  const planned = steps.map((step) => undoStatements(step, steps, facts));
  const reads = planned.flatMap(({ statements }) => statements.flatMap(({ statement }) => statement.reads ?? []));
  const sizes = await readSizes(db, [...new Set(reads)]);
  return planned.map(({ catalog, statements }) => {
    const relations = [...facts.relations, ...relationsOf(catalog)];
    return statements.map((each) => ({
      ...each,
      forecast: forecast(each.statement, server, sizes, relations, evidence),
    }));
  });
}
