import { MigrateError } from "../errors.ts";
import { type Hint, withNote, withOptions } from "../hint.ts";
import { counted } from "../plural.ts";
import { type DownSubject, lossesOf } from "./check.ts";

/** Throws DATA_LOSS if rows would be lost and the request does not allow it. */
export function assertLossAllowed({ plan, request, retry }: DownSubject): void {
  const losses = lossesOf(plan).map(({ rows, loss }) => counted(rows, loss.what));
  if (losses.length > 0 && !request.allowDataLoss) throw dataLoss(losses, plan.catalog.database, retry);
}

/** The error for rows that would be lost; `retry` is the command that was refused. */
export function dataLoss(losses: readonly string[], where: string, retry: Hint<"down">): MigrateError {
  return new MigrateError("DATA_LOSS", "rows or values would be lost", {
    where,
    found: losses,
    done: "no row and no value was deleted",
    next: withNote(
      withOptions(retry, { "allow-data-loss": true }),
      "saves them first, to a file in the working folder or in --save-to FOLDER",
    ),
  });
}
