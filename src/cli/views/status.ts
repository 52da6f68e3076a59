import Table from "cli-table3";
import { type Survey, type SurveyedMigration, isOwed } from "../../migrate/survey.ts";
import { heading, serverJson } from "./heading.ts";
import type { Paint } from "../output.ts";
import { paintState, plural } from "./paint.ts";

export function isUpToDate(found: Survey): boolean {
  return found.missing.length === 0 && !found.migrations.some(isOwed);
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
      each.recorded?.account ?? "",
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

function recordedAt({ recorded, state }: SurveyedMigration): string {
  if (recorded === undefined) return state === "found" ? "not yet" : "";
  return `${recorded.state} ${recorded.finishedAt ?? ""} UTC`;
}

function summary(found: Survey, paint: Paint): string {
  if (isUpToDate(found))
    return `${paint("green", "up to date")}: ${plural(found.migrations.length, "migration")} applied`;
  const owed = found.migrations.filter(isOwed).length + found.missing.length;
  return `${paint("yellow", `${plural(owed, "migration")} not applied`)}; \`ispyb-migrate plan\` shows what \`ispyb-migrate up\` would do`;
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
        each.recorded === undefined
          ? null
          : { as: each.recorded.state, at: each.recorded.finishedAt, by: each.recorded.account },
      steps: each.steps.map((step) => ({
        number: step.number,
        title: step.title,
        catalog: step.verdict.state,
        journal: step.recorded ?? null,
      })),
    })),
    missing: found.missing,
    lease: found.lease ?? null,
  };
}
