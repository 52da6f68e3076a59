import { productName } from "../../dialect/version.ts";
import type { GeneratePlan, GenerateResult } from "../../seed/generate/generate.ts";
import type { Paint } from "../output.ts";
import { columns } from "./columns.ts";
import { heading, serverJson } from "./heading.ts";
import { plural } from "./paint.ts";

export function generateQuestion(
  { catalog, server }: Parameters<typeof heading>[0],
  { already, jobs, rows, way }: GeneratePlan,
): string {
  const place = `${catalog.database} on ${productName(server.dialect)}`;
  const goOn = already === 0 ? "" : `, of which ${already.toLocaleString("en")} are there`;
  return `Write ${plural(jobs, "job")} (${plural(rows, "row")} in all${goOn}) into ${place}, by ${way}?`;
}

export function generatedText(result: GenerateResult, paint: Paint): string {
  const { already, at, database, firstJob, jobs, lastJob, name, rowsByTable, server } = result;
  const rows = Object.entries(rowsByTable).map(([table, n]) => ["", table, n.toLocaleString("en")]);
  const what = already === jobs ? "as it was" : "written";
  return [
    heading({ server, catalog: { database } }, paint),
    "",
    `${paint("bold", name)}  ${what}: ${plural(jobs, "job")}, ${firstJob} to ${lastJob}; nothing is later than ${at}`,
    ...columns(rows),
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
}: GenerateResult) {
  return {
    ...serverJson({ server, catalog: { database } }),
    name,
    at,
    jobs,
    already,
    firstJob,
    lastJob,
    rows: rowsByTable,
  };
}
