/** Rows that would be lost: counted again while no other session can write, refused unless allowed, and saved. */
import type { Db } from "../../db/db.ts";
import { MigrateError, asList } from "../../errors.ts";
import { type Hint, withNote } from "../../hint.ts";
import { countLost } from "../../plan/count-loss.ts";
import type { DownStep } from "../../plan/down-step.ts";
import type { Migration } from "../../plan/load-migrations.ts";
import { type RowsAt, savedRows } from "../../plan/saved-rows.ts";
import { counted } from "../../plural.ts";
import { dataLoss } from "../../preflight/data-loss.ts";
import type { Progress } from "../../run/run.ts";
import { before } from "../../run/step-errors.ts";
import { type SaveFile, openSaveFile, runAgain } from "../../save/save-file.ts";
import type { Loss } from "../../steps/contract.ts";
import { formatStepRef } from "../../steps/step-ref.ts";

export interface RowSaver {
  /** Returns the number of saved rows. Throws DATA_LOSS if losing rows is not allowed, and SAVE_FAILED. */
  save(db: Db, ref: DownStep, loss: Loss, rowsAt: RowsAt): Promise<number>;
  /** They are deleted now. Throws SAVE_FAILED. */
  deleted(): Promise<void>;
  /** They stay: no file holds them any more. Never throws: a file of rows that still exist changes nothing. */
  kept(): Promise<void>;
  /** Whatever ended the run. Never throws: without it the file is complete, too. */
  finish(): Promise<void>;
  /** The files. */
  readonly paths: readonly string[];
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
    get paths() {
      return file?.paths ?? [];
    },
    async deleted() {
      await file?.deleted().catch((error: unknown) => {
        throw inTheMiddle(error, retry);
      });
    },
    async kept() {
      await file?.kept().catch(() => {});
    },
    async finish() {
      await file?.finish().catch(() => {});
    },
    async save(db, ref, loss, rowsAt) {
      const count = await countLost(db, rowsAt.table, loss.where);
      if (count === 0) return 0;
      // Under the name that people know, not the one it is set aside under.
      const what = ref.undo?.loss?.what ?? loss.what;
      if (!allowed) throw inTheMiddle(dataLoss([counted(count, what)], formatStepRef(ref), retry), retry);
      file ??= await openSaveFile(folder, db);
      const { rows } = await file.save(db, savedRows(migrations, { ...loss, what }, rowsAt)).catch((error: unknown) => {
        throw inTheMiddle(error, retry);
      });
      progress({ kind: "saved", what, rows, path: file.path });
      return rows;
    },
  };
}

// --- internal ---

/** The same error in the middle of a `down`: earlier steps are undone, and the same command would count from here. */
function inTheMiddle(error: unknown, retry: Hint<"down">): unknown {
  if (!(error instanceof MigrateError)) return error;
  const { done, next } = error.details;
  const steps = asList(next);
  return new MigrateError(error.code, error.message, {
    ...error.details,
    done: done === undefined ? before : `${done}; ${before}`,
    next: steps.includes(runAgain)
      ? [...steps.filter((each) => each !== runAgain), withNote(retry, "afterwards: continues")]
      : steps,
  });
}
