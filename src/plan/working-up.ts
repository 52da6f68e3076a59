/** The `up` that works on a plan. A command that is printed to be run next must not be refused where it is printed. */
import type { Hint } from "../hint.ts";
import { isInConflict, isDrifted } from "./plan.ts";
import type { Plan } from "./read-plan.ts";
import { unknownIn } from "./unknown.ts";
import { type UpRequest, plainUp, upCommand } from "./up-command.ts";

type Planned = Pick<Plan, "lease" | "migrations" | "missing" | "repeatables">;

/** This `up` with the options that the plan requires; undefined if a person has to change the schema or a file first. */
export function workingUp(plan: Planned, request: UpRequest = plainUp): Hint<"up"> | undefined {
  return isRefused(plan) ? undefined : upCommand(withRequired(plan, request));
}

/** The request with --repair if something drifted, and with --allow-late if a migration is late. */
export function withRequired({ migrations, repeatables }: Planned, request: UpRequest): UpRequest {
  const chosen = request.skip?.names ?? [];
  const repaired = migrations.some(isDrifted) || repeatables.some(({ state }) => state === "drift");
  const isLate = migrations.some(({ late, migration }) => late && !chosen.includes(migration.name));
  return { ...request, repair: request.repair || repaired, allowLate: request.allowLate || isLate };
}

/** True if `up` refuses with every option. */
function isRefused(plan: Planned): boolean {
  const { migrations, missing, repeatables } = plan;
  if (missing.length > 0 || unknownIn(plan).length > 0) return true;
  const isRepaired = migrations.some(isDrifted);
  return (
    migrations.some((each) => each.state === "edited" || isInConflict(each)) ||
    (!isRepaired && repeatables.some(({ state }) => state === "impossible"))
  );
}
