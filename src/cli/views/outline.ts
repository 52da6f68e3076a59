import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { type PlannedStep, isDue } from "../../plan/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { type UpRequest, planCommand } from "../../plan/up-command.ts";
import { blockedBy, isRepeatableDue } from "../../repeatables/repeatable.ts";
import { plural } from "../../plural.ts";
import type { Skip } from "../../state/skips.ts";
import { scriptOf } from "../../steps/script-of-statement.ts";
import type { Paint } from "../output.ts";
import { heading } from "./heading.ts";
import { alsoLines, presence } from "./presence.ts";
import { procedureLines, runningInstead } from "./procedures.ts";
import { repeatablesSummary, repeatablesToChange, repeatablesToRecord } from "./repeatables.ts";

/** The plan on one screen, read before the question is answered; `plan` shows the SQL of what is not skipped. */
export function outlineText(plan: Plan, request: UpRequest, paint: Paint, caller: Caller): string {
  const { repair, skip } = request;
  const lines = [
    heading(plan, paint),
    ...procedureLines(plan, request, caller),
    "",
    ...(skip === undefined ? [] : [skipLine(skip)]),
  ];
  for (const { migration, steps } of plan.migrations.filter((each) => isDue(each, repair))) {
    lines.push(paint("bold", migration.name), ...steps.flatMap((step) => stepLines(step, plan, paint)));
  }
  const more = repeatablesSummary(plan, repair);
  const shown = `; \`${formatHint(planCommand(request), caller)}\` shows what changes`;
  if (more !== "") lines.push(paint("bold", "then"), `  ${more}${shown}`, ...callersOf(plan, repair, paint));
  return [...lines, ""].join("\n");
}

/** What the journal will say of these names from now on. */
export function skipLine({ names, reason }: Skip): string {
  const list = names.join(", ");
  return reason === undefined ? `no longer skipped: ${list}` : `skipped from now on: ${list}, because: ${reason}`;
}

/** What callers meet while their procedures are replaced. */
function callersOf({ repeatables }: Plan, repair: boolean, paint: Paint): string[] {
  const replaced = repeatables.filter((each) => isRepeatableDue(each, repair) && blockedBy(each) !== undefined);
  return [...Map.groupBy(replaced, blockedBy)].map(([blocked, all]) =>
    paint("dim", `     ${plural(all.length, "procedure")} replaced, each blocks ${blocked}`),
  );
}

function stepLines(planned: PlannedStep, plan: Plan, paint: Paint): string[] {
  const { number, title, forecast, madeWith, repairs = [] } = planned;
  if (repairs.length > 0) {
    const lines = repairs.flatMap(({ add, object }) => [
      `repair: ${object}`,
      ...scriptOf(add).map((line) => paint("dim", line)),
    ]);
    return [`  ${number}. ${title}`, ...lines.map((line) => `     ${line}`)];
  }
  if (forecast === undefined) {
    const how =
      madeWith === undefined
        ? presence(planned)
        : `in the same statement as ${madeWith.migration} step ${madeWith.number}`;
    return [`  ${number}. ${title}: ${how}`];
  }
  const facts = paint("dim", `${forecast.algorithm}; blocks ${forecast.blocked}`);
  return [`  ${number}. ${title}`, ...[...alsoLines(planned, plan), facts].map((line) => `     ${line}`)];
}

/** "Skip procedures and apply 15 migrations in ispyb on MariaDB 10.11.19?" */
export function question(plan: Plan, { repair, skip }: UpRequest): string {
  const due = plan.migrations.filter((each) => isDue(each, repair));
  const [changed, recorded] = [repeatablesToChange(plan, repair), repeatablesToRecord(plan)];
  const what = [
    ...(due.length === 0 ? [] : [plural(due.length, "migration")]),
    ...(changed === "" ? [] : [`${changed}${runningInstead(plan, repair)}`]),
  ];
  const actions = [
    ...(skip === undefined ? [] : [`${skip.reason === undefined ? "stop skipping" : "skip"} ${skip.names.join(", ")}`]),
    ...(what.length === 0 ? [] : [`apply ${what.join(", ")}`]),
    ...(recorded === "" ? [] : [`record ${recorded}`]),
  ].join(", and ");
  const place = `${plan.catalog.database} on ${plan.server.dialect.product}`;
  return `${actions.charAt(0).toUpperCase()}${actions.slice(1)} ${what.length === 0 ? "in" : "to"} ${place}?`;
}
