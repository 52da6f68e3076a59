import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { formatNotice } from "../../documents/format-notice.ts";
import { titlesAside } from "../../documents/status.ts";
import { isUpToDate } from "../../plan/due.ts";
import { hint } from "../../hint.ts";
import { skippedNotice } from "../../migrate/verify.ts";
import { type PlannedMigration, isPending, needsAttention } from "../../plan/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { plural } from "../../plural.ts";
import type { Paint } from "../output.ts";
import { columns } from "./columns.ts";
import { heading } from "./heading.ts";
import { paintState } from "./paint.ts";
import { repeatableRows, repeatablesSummary, withoutSkipped } from "./repeatables.ts";

export function statusText(plan: Plan, paint: Paint, caller: Caller): string {
  const head = ["migration", "state", "steps", "recorded", "by"].map((word) => paint("dim", word));
  const rows = plan.migrations.map((each) => [
    each.migration.name,
    paintState(paint, each.state) + (each.late ? ", late" : ""),
    present(each),
    recordedAt(each),
    each.entry?.account ?? "",
  ]);
  const missing = plan.missing.map(({ name, renamedTo }) => {
    const whereabouts = renamedTo === undefined ? "its file is missing" : `its file is now called ${renamedTo}`;
    return [name, paintState(paint, "missing"), "", whereabouts, ""];
  });
  const table = columns([head, ...rows, ...missing, ...repeatableRows(plan, paint)]);
  return [
    heading(plan, paint),
    "",
    ...table,
    "",
    summary(plan, paint, caller),
    ...skippedLines(plan, caller),
    ...asideLines(plan),
    ...leaseLine(plan),
  ].join("\n");
}

function present({ steps }: PlannedMigration): string {
  return `${steps.filter((step) => step.already).length}/${steps.length}`;
}

function recordedAt({ entry, state }: PlannedMigration): string {
  if (entry === undefined || entry.state === "skipped") return state === "unrecorded" ? "not yet recorded" : "";
  return `${entry.state === "found" ? "adopted" : entry.state} ${entry.finishedAt ?? ""} UTC`;
}

function summary(plan: Plan, paint: Paint, caller: Caller): string {
  if (isUpToDate(plan)) {
    const applied = plan.migrations.filter(({ state }) => state === "applied").length;
    return `${paint("green", "up to date")}: ${plural(applied, "migration")} applied${withoutSkipped(plan)}`;
  }
  const more = repeatablesSummary(plan);
  const [planning, applying] = [hint("plan"), hint("up")].map((each) => `\`${formatHint(each, caller)}\``);
  const broken = plan.migrations.filter(needsAttention).length + plan.missing.length;
  const pending = plan.migrations.filter(isPending).length;
  const parts = [
    ...(broken === 0
      ? []
      : [
          `${paint("red", `${plural(broken, "migration")} ${broken === 1 ? "needs" : "need"} attention`)}; ${applying} would refuse and say why`,
        ]),
    ...(pending === 0 && more === ""
      ? []
      : [
          `${paint("yellow", `${[...(pending === 0 ? [] : [plural(pending, "migration")]), more].filter((each) => each !== "").join(", ")} pending`)}; ${planning} shows what ${applying} would do`,
        ]),
  ];
  return parts.join("\n");
}

function skippedLines({ migrations, repeatables }: Plan, caller: Caller): string[] {
  return [...migrations, ...repeatables]
    .filter(({ state }) => state === "skipped")
    .map((each) => formatNotice(skippedNotice(each), caller));
}

function asideLines(plan: Plan): string[] {
  return titlesAside(plan).map(
    (title) =>
      `a \`down\` was stopped half-way: the object of "${title}" has another name now (set aside); \`up\` restores it, \`down\` continues`,
  );
}

function leaseLine({ lease }: Plan): string[] {
  if (lease === undefined) return [];
  return [
    `lease: held by ${lease.holder}, connection ${lease.connectionId}${lease.expired ? " (expired: the next `up` takes it over)" : ""}`,
  ];
}
