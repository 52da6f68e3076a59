import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { type Catalog, findTable } from "../model.ts";
import type { Plan } from "../plan/read-plan.ts";
import { type UpRequest, upCommand } from "../plan/up-command.ts";
import { withRequired } from "../plan/working-up.ts";
import { createdBySkipped } from "./created-by.ts";
import { applyingToo } from "./skip-advice.ts";
import { addingColumns, creatingTable, renamingBack } from "./ways-to-base-parts.ts";
import { skipping } from "./skipping.ts";
import { type Way, choicesOf } from "./way.ts";

/** Throws CONFLICT if a procedure needs a column that does not exist. `done` says what was done before. */
export function assertProceduresFit(plan: Plan, request: UpRequest, done: string): void {
  const unfit = plan.repeatables.flatMap(({ live, name, state, title }) =>
    state === "impossible" && live.state === "impossible" ? [{ missing: live.missing, name, title }] : [],
  );
  if (unfit.length === 0) return;
  const tables = Map.groupBy(
    new Set(unfit.flatMap(({ missing }) => missing)),
    (column) => column.split(".", 1)[0] ?? "",
  );
  const ways = [...tables].map(([table, columns]) => waysTo(table, columns, plan.catalog));
  const retry = upCommand(withRequired(plan, request));
  const created = createdBySkipped(plan.migrations);
  const lacking = unfit.flatMap(({ missing }) => missing);
  const skipped = lacking.flatMap(
    (column) => created.get(`column ${column}`) ?? created.get(`table ${column.split(".", 1)[0]}`) ?? [],
  );
  const applying = applyingToo({ plan, request }, [...new Set(skipped)]);
  const isSolved = ways.every((each) => each.length > 0);
  throw new MigrateError("CONFLICT", "procedures need tables or columns that do not exist", {
    where: plan.catalog.database,
    found: unfit.map(({ missing, title }) => `${title} needs ${missing.join(", ")}`),
    done,
    next: [
      ...(applying === undefined ? [] : [applying]),
      ...(isSolved ? [...ways.flatMap(choicesOf), withNote(retry, "afterwards")] : []),
      withNote(
        skipping(
          { plan, request },
          unfit.map(({ name }) => name),
        ),
        isSolved || applying !== undefined
          ? "or: applies the rest, without these procedures"
          : "applies the rest, without these procedures",
      ),
      ...(isSolved || applying !== undefined
        ? []
        : ["or create the missing tables and columns by hand (if you renamed them, rename them back), then:", retry]),
    ],
  });
}

// --- internal ---

/** The ways to these columns (`Table.column`) of one table; none if this tool does not know their form. */
function waysTo(table: string, columns: readonly string[], catalog: Catalog): Way[] {
  const existing = findTable(catalog, table);
  if (existing === undefined) return asList(creatingTable(table, catalog));
  const names = columns.map((column) => column.slice(table.length + 1));
  const [first = ""] = names;
  return [
    ...(names.length === 1 ? asList(renamingBack(existing, first, catalog)) : []),
    ...asList(addingColumns(table, names, catalog)),
  ];
}

function asList(way: Way | undefined): Way[] {
  return way === undefined ? [] : [way];
}
