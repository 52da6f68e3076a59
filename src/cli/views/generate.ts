import { productName } from "../../dialect/version.ts";
import type { GeneratePlan, GenerateResult } from "../../seed/generate/generate.ts";
import type { Paint } from "../output.ts";
import { columns } from "./columns.ts";
import { heading, serverJson } from "./heading.ts";

export function generateQuestion(
  { catalog, server }: Parameters<typeof heading>[0],
  { already, jobs, rows, way }: GeneratePlan,
): string {
  const place = `${catalog.database} on ${productName(server.dialect)}`;
  const what =
    already === 0
      ? `${counted(jobs, "job")} (${counted(rows, "row")} in all)`
      : `the other ${counted(jobs - already)} of ${counted(jobs, "job")}`;
  return `Write ${what} into ${place}, by ${way}?`;
}

export function generatedText(result: GenerateResult, paint: Paint): string {
  const { already, at, database, firstJob, jobs, lastJob, name, rowsByTable, server, there } = result;
  const rows = Object.entries(rowsByTable).map(([table, n]) => ["", table, counted(n)]);
  const what = already < jobs ? "written" : there < jobs ? "written before" : "as it was";
  const gone =
    there === jobs
      ? []
      : [
          `${paint("cyan", "noted")}  ${counted(jobs - there)} of these jobs are no longer there; removed and generated again they would be`,
        ];
  return [
    heading({ server, catalog: { database } }, paint),
    "",
    `${paint("bold", name)}  ${what}: ${counted(jobs, "job")}, ${firstJob} to ${lastJob}; nothing is later than ${at}`,
    ...columns(rows),
    ...gone,
    "",
    `ispyb-migrate show ${firstJob}`,
    `ispyb-migrate seed remove ${name}`,
  ].join("\n");
}

export function generatedJson({
  already,
  at,
  database,
  firstJob,
  jobs,
  lastJob,
  name,
  rowsByTable,
  server,
  there,
}: GenerateResult) {
  return {
    ...serverJson({ server, catalog: { database } }),
    name,
    at,
    jobs,
    already,
    there,
    firstJob,
    lastJob,
    rows: rowsByTable,
  };
}

// --- internal ---

function counted(count: number, one?: string): string {
  const number = count.toLocaleString("en");
  return one === undefined ? number : `${number} ${one}${count === 1 ? "" : "s"}`;
}
