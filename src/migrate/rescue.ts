/** What would be lost is counted once more where nobody can write to it, refused unless allowed, and saved. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Table, sameName } from "../model.ts";
import { type SaveFile, openSaveFile } from "../save/save-file.ts";
import type { Loss } from "../steps/contract.ts";
import { type DownStep, countRows } from "./down-plan.ts";
import { spellPlace } from "./ledger.ts";
import type { Migration } from "./load.ts";
import type { Progress } from "./run.ts";

/** Where the rows lie now, and what the table and the column will be called again. */
export interface Holding {
  readonly table: Table;
  readonly name: string;
  readonly column?: { readonly name: string; readonly from: string };
}

export interface Rescue {
  /** Throws DATA_LOSS where it is not allowed, and SAVE_FAILED. */
  save(place: DownStep, loss: Loss, holding: Holding): Promise<void>;
  /** The file, where rows were saved. */
  readonly path: string | undefined;
}

export interface RescueOptions {
  readonly db: Db;
  readonly migrations: readonly Migration[];
  readonly allowed: boolean;
  readonly folder: string;
  readonly progress: (event: Progress) => void;
}

export function openRescue({ db, migrations, allowed, folder, progress }: RescueOptions): Rescue {
  let file: SaveFile | undefined;
  return {
    get path() {
      return file?.path;
    },
    async save(place, loss, { table, name, column }) {
      const count = await countRows(db, loss, loss.where);
      if (count === 0) return;
      // By the name that people know, not by the one that it lies aside under.
      const what = place.undo?.loss?.what ?? loss.what;
      if (!allowed) throw dataLoss([`${count} ${what}`], spellPlace(place));
      file ??= await openSaveFile(folder, db);
      const { rows } = await file.save(db, {
        table,
        name,
        from: table.name,
        of:
          loss.of === "rows"
            ? "rows"
            : { columns: column === undefined ? loss.of.columns.map((each) => ({ name: each })) : [column] },
        where: loss.where,
        title: what,
        extra: loss.of === "rows" ? ownColumns(migrations, name, table) : [],
      });
      progress({ kind: "saved", what, rows, path: file.path });
    },
  };
}

/** Columns that `up` will not make again: the facility added them to a table of ours. */
function ownColumns(migrations: readonly Migration[], name: string, table: Table) {
  const steps = migrations.flatMap((migration) => migration.steps);
  const ours = steps.flatMap((step) => {
    if (step.kind === "createTable" && sameName(step.table, name)) return step.columns.map((column) => column.name);
    return step.kind === "addColumn" && sameName(step.table, name) ? [step.column.name] : [];
  });
  return table.columns.filter((column) => !ours.some((each) => sameName(each, column.name)));
}

export function dataLoss(found: readonly string[], where: string): MigrateError {
  return new MigrateError("DATA_LOSS", "rows would be lost", {
    where,
    found,
    done: "nothing of it was destroyed",
    next: [
      "ispyb-migrate down … --allow-data-loss   # saves them to a file in the working folder first",
      "ispyb-migrate down … --allow-data-loss --save-to FOLDER",
    ],
  });
}
