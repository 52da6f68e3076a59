import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { hint } from "../../hint.ts";
import { plural } from "../../plural.ts";
import type { GeneratePlan, GenerateResult } from "../../seed/generate/generate.ts";
import type { Paint } from "../output.ts";
import { columns } from "./columns.ts";
import { heading } from "./heading.ts";

export function generateQuestion(
  { catalog, server }: Parameters<typeof heading>[0],
  { already, jobs, rows, way }: GeneratePlan,
): string {
  const place = `${catalog.database} on ${server.dialect.product}`;
  const what =
    already === 0
      ? `${plural(jobs, "job")} (${plural(rows, "row")} in all)`
      : `the remaining ${(jobs - already).toLocaleString("en")} of ${plural(jobs, "job")}`;
  return `Write ${what} into ${place}, by ${way}?`;
}

export function generatedText(result: GenerateResult, paint: Paint, caller: Caller): string {
  const { already, at, database, firstJob, jobs, lastJob, name, rowsByTable, server, there } = result;
  const rows = Object.entries(rowsByTable).map(([table, n]) => ["", table, n.toLocaleString("en")]);
  const what = already < jobs ? "inserted" : there < jobs ? "inserted before" : "unchanged";
  const gone =
    there === jobs
      ? []
      : [
          `${paint("cyan", "noted")}  ${(jobs - there).toLocaleString("en")} of these jobs are deleted; to get all jobs back, remove and generate them again`,
        ];
  return [
    heading({ server, catalog: { database } }, paint),
    "",
    `${paint("bold", name)}  ${what}: ${plural(jobs, "job")}, ids ${firstJob} to ${lastJob}; all times are ${at} or earlier (server's clock)`,
    ...columns(rows),
    ...gone,
    "",
    formatHint(hint("show", { args: [`${firstJob}`] }), caller),
    formatHint(hint("seed", { args: ["remove", name] }), caller),
  ].join("\n");
}
