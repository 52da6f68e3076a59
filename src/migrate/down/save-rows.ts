/** Rows that would be lost: counted again while no other session can write, refused unless allowed, and saved. */
import { countRows } from "../../db/count.ts";
import type { Db } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { type Hint, withNote, withOptions } from "../../hint.ts";
import { type Table, sameName } from "../../model.ts";
import type { Migration } from "../../plan/load-migrations.ts";
import { counted } from "../../plural.ts";
import type { Progress } from "../../run/run.ts";
import { formatStepRef } from "../../run/step-ref.ts";
import { type SaveFile, openSaveFile } from "../../save/save-file.ts";
import { type SavedRows, select } from "../../save/selection.ts";
import type { Loss } from "../../steps/contract.ts";
import type { DownStep } from "./down-plan.ts";

/** Where the rows are now, and the names that table and column will have again. */
export interface RowsAt {
  readonly table: Table;
  readonly name: string;
  readonly column?: { readonly name: string; readonly from: string };
}

export interface RowSaver {
  /** Returns the number of saved rows. Throws DATA_LOSS if losing rows is not allowed, and SAVE_FAILED. */
  save(db: Db, ref: DownStep, loss: Loss, rowsAt: RowsAt): Promise<number>;
  /** The file; undefined if no rows were saved. */
  readonly path: string | undefined;
}

export interface RowSaverOptions {
  readonly migrations: readonly Migration[];
  readonly allowed: boolean;
  readonly folder: string;
  readonly retry: Hint<"down">;
  readonly progress: (event: Progress) => void;
}

export function openRowSaver({ migrations, allowed, folder, retry, progress }: RowSaverOptions): RowSaver {
  let file: SaveFile | undefined;
  return {
    get path() {
      return file?.path;
    },
    async save(db, ref, loss, rowsAt) {
      const count = await countRows(db, loss.table, loss.where);
      if (count === 0) return 0;
      // Under the name that people know, not the one it is set aside under.
      const what = ref.undo?.loss?.what ?? loss.what;
      if (!allowed) throw dataLoss([counted(count, what)], formatStepRef(ref), retry);
      file ??= await openSaveFile(folder, db);
      const { rows } = await file.save(db, savedRows(migrations, { ...loss, what }, rowsAt));
      progress({ kind: "saved", what, rows, path: file.path });
      return rows;
    },
  };
}

/** Throws SAVE_FAILED if a file could not restore these rows. Asks no server. */
export function assertSavable(migrations: readonly Migration[], loss: Loss, table: Table): void {
  select(savedRows(migrations, loss, { table, name: table.name }));
}

function savedRows(migrations: readonly Migration[], loss: Loss, { table, name, column }: RowsAt): SavedRows {
  const columns = (of: readonly string[]) => (column === undefined ? of.map((each) => ({ name: each })) : [column]);
  return {
    table,
    name,
    from: table.name,
    of: loss.of === "rows" ? "rows" : { columns: columns(loss.of.columns) },
    where: loss.where,
    title: loss.what,
    extra: loss.of === "rows" ? ownColumns(migrations, name, table) : [],
  };
}

/** Columns that `up` will not create again: the facility added them to a table of ours. */
function ownColumns(migrations: readonly Migration[], name: string, table: Table) {
  const steps = migrations.flatMap((migration) => migration.steps);
  const ours = steps.flatMap((step) => {
    if (step.kind === "createTable" && sameName(step.table, name)) return step.columns.map((column) => column.name);
    return step.kind === "addColumn" && sameName(step.table, name) ? [step.column.name] : [];
  });
  return table.columns.filter((column) => !ours.some((each) => sameName(each, column.name)));
}

/** `retry` is the command that was refused. */
export function dataLoss(losses: readonly string[], where: string, retry: Hint<"down">): MigrateError {
  return new MigrateError("DATA_LOSS", "rows would be lost", {
    where,
    found: losses,
    done: "no row was deleted",
    next: withNote(
      withOptions(retry, { "allow-data-loss": true }),
      "saves them first, to a file in the working folder or in --save-to FOLDER",
    ),
  });
}
