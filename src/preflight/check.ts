import type { Db } from "../db/db.ts";
import type { Hint } from "../hint.ts";
import type { Plan } from "../plan/read-plan.ts";
import type { UpRequest } from "../plan/up-command.ts";

/** What a check judges: a plan, and the request that it was made for. */
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
