import { dirname } from "node:path";
import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { formatNotice } from "../../documents/format-notice.ts";
import { isUpToDate } from "../../plan/due.ts";
import { type Hint, hint } from "../../hint.ts";
import { skippedNotices } from "../../migrate/notices.ts";
import { notVisibleIn } from "../../migrate/verify.ts";
import { lackingSource } from "../../plan/lacking-source.ts";
import type { MigrationState, PlannedMigration } from "../../plan/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { type Movable, liesAside } from "../../plan/set-aside.ts";
import { workingUp } from "../../plan/working-up.ts";
import { isRecorded } from "../../state/journal.ts";
import { sourceOf } from "../../state/migration-names.ts";
import { plural } from "../../plural.ts";
import type { Paint, Style } from "../output.ts";
import { asFarAsSeen, blockedIn, driftedIn, powerlessIn } from "./attention.ts";
import { columns } from "./columns.ts";
import { heading } from "./heading.ts";
import { paintState } from "./paint.ts";
import { repeatableRows, repeatablesToChange, repeatablesToRecord, withoutSkipped } from "./repeatables.ts";
import { noticeLines } from "./verify.ts";

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
    const lacking = lackingSource(plan, name) ?? "its file is missing";
    const whereabouts = renamedTo === undefined ? lacking : `its file is now called ${renamedTo}`;
    return [name, paintState(paint, "missing"), "", whereabouts, ""];
  });
  const table = columns([head, ...rows, ...missing, ...repeatableRows(plan, paint)]);
  return [
    heading(plan, paint),
    "",
    ...table,
    ...sourceLines(plan),
    "",
    ...summary(plan, paint, caller),
    ...noticeLines({ notices: [], notVisible: notVisibleIn(plan) }, paint, caller),
    ...skippedLines(plan, caller),
    ...asideLines(plan),
    ...leaseLine(plan),
  ].join("\n");
}

/** Where a facility's own migrations come from: "dls/: /etc/ispyb/migrations". */
function sourceLines({ migrations }: Plan): string[] {
  const from = migrations.flatMap(({ migration: { file, name } }) =>
    file === undefined ? [] : [[sourceOf(name) ?? "", dirname(file)] as const],
  );
  return [...new Map(from)].map(([source, folder]) => `${source}/ is from ${folder}`);
}

/** A recorded step counts if the object that it changes is missing: that object is the drift of an earlier step. */
function present({ steps }: PlannedMigration): string {
  const done = steps.filter(
    ({ already, entry, verdict }) => already || (isRecorded(entry) && verdict.state === "present"),
  );
  return `${done.length}/${steps.length}`;
}

function recordedAt({ entry, state }: PlannedMigration): string {
  if (entry === undefined || entry.state === "skipped") return state === "unrecorded" ? "not yet recorded" : "";
  return `${entry.state === "found" ? "no change needed" : entry.state} ${entry.finishedAt ?? ""} UTC`;
}

function summary(plan: Plan, paint: Paint, caller: Caller): string[] {
  if (isUpToDate(plan)) {
    const applied = plan.migrations.filter(({ state }) => state === "applied").length;
    const seen = asFarAsSeen(notVisibleIn(plan));
    return [`${paint("green", `up to date${seen}`)}: ${plural(applied, "migration")} applied${withoutSkipped(plan)}`];
  }
  const command = (each: Hint) => `\`${formatHint(each, caller)}\``;
  const [planning, applying] = [command(hint("plan")), command(hint("up"))];
  const [blocked, drifted] = [blockedIn(plan), driftedIn(plan)];
  const [pending, unrecorded] = [countIn(plan, "pending"), countIn(plan, "unrecorded")];
  const late = plan.migrations.filter((each) => each.late).length;
  const due = [pending, repeatablesToChange(plan, false)].filter((each) => each !== "");
  const toRecord = [unrecorded, repeatablesToRecord(plan)].filter((each) => each !== "").join(", ");
  const working = workingUp(plan);
  const refuses = (what: string) =>
    working === undefined ? "" : `; ${applying} would refuse; ${command(working)} ${what}`;
  const isRefused = blocked + drifted !== "" || late > 0;
  const parts: [style: Style, what: string, consequence: string][] = [
    ["red", blocked, `; ${applying} would refuse; ${planning} shows why, and what to do first`],
    [
      "yellow",
      due.length === 0 ? "" : `${due.join(", ")} pending`,
      blocked === "" ? `; ${planning} shows ${isRefused ? "the statements" : `what ${applying} would do`}` : "",
    ],
    [
      "yellow",
      toRecord === "" ? "" : `${toRecord} not recorded yet`,
      `; no change needed${isRefused ? "" : `; ${applying} records ${isOne(toRecord) ? "it" : "them"}`}`,
    ],
    ["red", late === 0 ? "" : `${plural(late, "migration")} late`, refuses(`applies ${late === 1 ? "it" : "them"}`)],
    ["red", powerlessIn(plan), `; calls fail; ${command(hint("verify"))} shows the GRANT`],
    ["red", drifted === "" ? "" : `${drifted} drifted`, refuses("puts back what is missing or changed")],
  ];
  return parts.flatMap(([style, what, then]) => (what === "" ? [] : [`${paint(style, what)}${then}`]));
}

/** "2 migrations" of those in this state, or nothing. */
function countIn({ migrations }: Plan, wanted: MigrationState): string {
  const count = migrations.filter(({ state }) => state === wanted).length;
  return count === 0 ? "" : plural(count, "migration");
}

function isOne(counts: string): boolean {
  return counts.startsWith("1 ") && !counts.includes(",");
}

function skippedLines(plan: Plan, caller: Caller): string[] {
  return skippedNotices(plan).map((each) => formatNotice(each, caller));
}

function asideLines(plan: Plan): string[] {
  return plan.migrations
    .flatMap(({ steps }) => steps)
    .flatMap(({ step }) => (liesAside(step, plan.catalog) ? [objectOf(step)] : []))
    .map(
      (object) =>
        `\`down\` was stopped after it renamed ${object}; run \`up\` to rename it back, or \`down\` to finish undoing it`,
    );
}

function objectOf(step: Movable): string {
  return step.kind === "createTable" ? `table ${step.table}` : `column ${step.table}.${step.column.name}`;
}

function leaseLine({ lease }: Plan): string[] {
  if (lease === undefined) return [];
  return [
    `lease: held by ${lease.holder}, connection ${lease.connectionId}${lease.expired ? " (expired; the next `up` takes it over)" : ""}`,
  ];
}
