import Table from "cli-table3";
import { type Survey, type SurveyedMigration, isPending, needsAttention } from "../../migrate/survey.ts";
import { heading, serverJson } from "./heading.ts";
import type { Paint } from "../output.ts";
import { paintState, plural } from "./paint.ts";

export function isUpToDate(found: Survey): boolean {
  return found.missing.length === 0 && found.migrations.every((each) => each.state === "applied");
}

export function statusText(found: Survey, paint: Paint): string {
  const table = new Table({
    head: ["migration", "state", "steps", "recorded", "by"].map((word) => paint("dim", word)),
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
    chars: Object.fromEntries(borders.map((name) => [name, ""])),
  });
  for (const each of found.migrations) {
    table.push([
      each.migration.name,
      paintState(paint, each.state),
      present(each),
      recordedAt(each),
      each.entry?.account ?? "",
    ]);
  }
  for (const name of found.missing) table.push([name, paintState(paint, "missing"), "", "its file is gone", ""]);
  const rows = table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  return [heading(found, paint), "", ...rows, "", summary(found, paint), ...leaseLine(found)].join("\n");
}

const borders = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
  "left",
  "left-mid",
  "mid",
  "mid-mid",
  "right",
  "right-mid",
  "middle",
];

function present({ steps }: SurveyedMigration): string {
  return `${steps.filter((step) => step.verdict.state === "present").length}/${steps.length}`;
}

function recordedAt({ entry, state }: SurveyedMigration): string {
  if (entry === undefined) return state === "found" ? "not yet" : "";
  return `${entry.state} ${entry.finishedAt ?? ""} UTC`;
}

function summary(found: Survey, paint: Paint): string {
  if (isUpToDate(found))
    return `${paint("green", "up to date")}: ${plural(found.migrations.length, "migration")} applied`;
  const broken = found.migrations.filter(needsAttention).length + found.missing.length;
  const pending = found.migrations.filter(isPending).length;
  const parts = [
    ...(broken === 0
      ? []
      : [
          `${paint("red", `${plural(broken, "migration")} to look at`)}; \`ispyb-migrate up\` would refuse and say why`,
        ]),
    ...(pending === 0
      ? []
      : [
          `${paint("yellow", `${plural(pending, "migration")} pending`)}; \`ispyb-migrate plan\` shows what \`ispyb-migrate up\` would do`,
        ]),
  ];
  return parts.join("\n");
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
      recorded:
        each.entry === undefined ? null : { as: each.entry.state, at: each.entry.finishedAt, by: each.entry.account },
      steps: each.steps.map((step) => ({
        number: step.number,
        title: step.title,
        catalog: step.verdict.state,
        journal: step.entry?.state ?? null,
      })),
    })),
    missing: found.missing,
    lease: found.lease ?? null,
  };
}
