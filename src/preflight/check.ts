import type { Db } from "../db/db.ts";
import type { Hint } from "../hint.ts";
import type { DownPlan } from "../plan/down-plan.ts";
import type { Migration } from "../plan/load-migrations.ts";
import type { Plan } from "../plan/read-plan.ts";
import type { UpRequest } from "../plan/up-command.ts";
import type { Loss, Undo } from "../steps/contract.ts";

/** What a check of `up` judges: a plan, and the request that it was made for. */
export interface Subject {
  readonly plan: Plan;
  readonly request: UpRequest;
  /** The same `up` once more. */
  readonly retry: Hint<"up">;
}

/** Throws if a run must not begin, by what the plan alone shows. Changes nothing. */
export type PlanCheck = (subject: Subject) => void;

/** The same, by what the server has to be asked. Sends SELECT and SHOW alone. */
export type ServerCheck = (db: Db, subject: Subject) => void | Promise<void>;

/** What a `down` is asked for, as far as its checks need it. */
export interface DownRequest {
  readonly migrations: readonly Migration[];
  readonly allowDataLoss: boolean;
  /** Others may be blocked for long. */
  readonly allowStall?: boolean;
  /** The server may be a replica. */
  readonly onReplica?: boolean;
  /** An existing folder for the file with the rows that are lost. */
  readonly saveTo: string;
}

/** What a check of `down` judges. */
export interface DownSubject {
  readonly plan: DownPlan;
  readonly request: DownRequest;
  /** The same `down` once more. */
  readonly retry: Hint<"down">;
}

/** Throws if a `down` must not begin. Sends SELECT and SHOW alone. */
export type DownCheck = (db: Db, subject: DownSubject) => void | Promise<void>;

/** A step whose undo loses rows, with their number. */
interface LosingStep {
  readonly undo: Undo;
  readonly loss: Loss;
  readonly rows: number;
}

/** The steps of the plan whose undo loses rows. */
export function lossesOf({ migrations }: DownPlan): LosingStep[] {
  const steps = migrations.flatMap((migration) => migration.steps);
  return steps.flatMap(({ rows, undo }) =>
    rows > 0 && undo?.loss !== undefined ? [{ rows, undo, loss: undo.loss }] : [],
  );
}
