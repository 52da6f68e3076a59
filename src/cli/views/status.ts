import { spellSkipped } from "../../migrate/verify.ts";
import { type SurveyedMigration, isPending, needsAttention } from "../../plan/plan.ts";
import type { Survey } from "../../plan/read-plan.ts";
import { liesAside } from "../../plan/set-aside.ts";
import type { Paint } from "../output.ts";
import { columns } from "./columns.ts";
import { heading, serverJson } from "./heading.ts";
import { paintState, plural } from "./paint.ts";
import { butSkipped, repeatableRows, repeatablesJson, repeatablesSummary } from "./repeatables.ts";

/** What this account cannot see is no reason to call anything pending. */
export function isUpToDate({ migrations, missing, repeatables }: Survey): boolean {
  const settled = new Set<string>(["applied", "skipped", "hidden"]);
  return missing.length === 0 && [...migrations, ...repeatables].every(({ state }) => settled.has(state));
}

export function statusText(found: Survey, paint: Paint): string {
  const head = ["migration", "state", "steps", "recorded", "by"].map((word) => paint("dim", word));
  const rows = found.migrations.map((each) => [
    each.migration.name,
    paintState(paint, each.state) + (each.late ? ", late" : ""),
    present(each),
    recordedAt(each),
    each.entry?.account ?? "",
  ]);
  const missing = found.missing.map(({ name, renamedTo }) => {
    const whereabouts = renamedTo === undefined ? "its file is gone" : `its file is called ${renamedTo} now`;
    return [name, paintState(paint, "missing"), "", whereabouts, ""];
  });
  const table = columns([head, ...rows, ...missing, ...repeatableRows(found, paint)]);
  return [
    heading(found, paint),
    "",
    ...table,
    "",
    summary(found, paint),
    ...skippedLines(found),
    ...asideLines(found),
    ...leaseLine(found),
  ].join("\n");
}

function present({ steps }: SurveyedMigration): string {
  return `${steps.filter((step) => step.already).length}/${steps.length}`;
}

function recordedAt({ entry, state }: SurveyedMigration): string {
  if (entry === undefined || entry.state === "skipped") return state === "found" ? "not yet" : "";
  return `${entry.state} ${entry.finishedAt ?? ""} UTC`;
}

function summary(found: Survey, paint: Paint): string {
  if (isUpToDate(found)) {
    const applied = found.migrations.filter(({ state }) => state === "applied").length;
    return `${paint("green", "up to date")}: ${plural(applied, "migration")} applied${butSkipped(found)}`;
  }
  const more = repeatablesSummary(found);
  const broken = found.migrations.filter(needsAttention).length + found.missing.length;
  const pending = found.migrations.filter(isPending).length;
  const parts = [
    ...(broken === 0
      ? []
      : [
          `${paint("red", `${plural(broken, "migration")} to look at`)}; \`ispyb-migrate up\` would refuse and say why`,
        ]),
    ...(pending === 0 && more === ""
      ? []
      : [
          `${paint("yellow", `${[...(pending === 0 ? [] : [plural(pending, "migration")]), more].filter((each) => each !== "").join(", ")} pending`)}; \`ispyb-migrate plan\` shows what \`ispyb-migrate up\` would do`,
        ]),
  ];
  return parts.join("\n");
}

function skippedLines({ migrations, repeatables }: Survey): string[] {
  return [...migrations, ...repeatables].filter(({ state }) => state === "skipped").map(spellSkipped);
}

/** What a `down` that was stopped had renamed, and users miss. */
function asideOfSteps({ catalog, migrations }: Survey): string[] {
  return migrations.flatMap(({ steps }) =>
    steps.filter(({ step }) => liesAside(step, catalog)).map(({ title }) => title),
  );
}

function asideLines(found: Survey): string[] {
  return asideOfSteps(found).map(
    (title) =>
      `a \`down\` was stopped half-way: what belongs to "${title}" lies aside; \`up\` puts it back, \`down\` goes on`,
  );
}

function leaseLine({ lease }: Survey): string[] {
  if (lease === undefined) return [];
  return [
    `lease: held by ${lease.holder}, connection ${lease.connectionId}${lease.expired ? " (expired: the next `up` takes it over)" : ""}`,
  ];
}

export function statusJson(found: Survey) {
  return {
    ...serverJson(found),
    upToDate: isUpToDate(found),
    migrations: found.migrations.map((each) => ({
      name: each.migration.name,
      state: each.state,
      late: each.late,
      recorded:
        each.entry === undefined ? null : { as: each.entry.state, at: each.entry.finishedAt, by: each.entry.account },
      steps: each.steps.map((step) => ({
        number: step.number,
        title: step.title,
        catalog: step.verdict.state,
        journal: step.entry?.state ?? null,
      })),
    })),
    repeatables: repeatablesJson(found),
    missing: found.missing,
    aside: asideOfSteps(found),
    lease: found.lease ?? null,
  };
}
