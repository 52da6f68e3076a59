import { assertMaySelect } from "../../access/require.ts";
import { readColumnNames } from "../../catalog/column-names.ts";
import type { Db } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { hint } from "../../hint.ts";

/** Tables that are required to read jobs. */
const needed: Readonly<Record<string, readonly string[]>> = {
  ProcessingJob: ["processingJobId", "dataCollectionId", "recordTimestamp"],
  ProcessingJobParameter: ["processingJobId", "parameterKey", "parameterValue"],
  ProcessingJobImageSweep: ["processingJobId", "dataCollectionId", "startImage", "endImage"],
  AutoProcProgram: ["processingJobId", "processingStatus", "processingStartTime"],
};

/** Optional tables and columns: a job is shown without them if they are missing or hidden from this account. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  DataCollection: ["startImageNumber", "numberOfImages", "blSampleId", "dataCollectionGroupId"],
  DataCollectionGroup: ["blSampleId", "sessionId"],
  BLSample: ["name"],
  BLSession: ["proposalId", "visit_number", "beamLineName"],
  Proposal: ["proposalCode", "proposalNumber", "title"],
  Person: ["familyName", "givenName"],
  Session_has_Person: ["personId", "role"],
  AutoProcProgram: ["parentAutoProcProgramId", "processingPipelineId"],
  ProcessingPipeline: ["name"],
  AutoProcProgramMessage: ["severity", "message", "description"],
  AutoProcProgramAttachment: ["autoProcProgramId", "deleted"],
  AutoProc: ["autoProcProgramId"],
  AutoProcScaling: ["autoProcId"],
};

/** The tables and columns that this account can read. */
export class Shape {
  readonly #columns: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(columns: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#columns = columns;
  }

  has(table: string, column?: string): boolean {
    const columns = this.#columns.get(table.toLowerCase());
    return columns !== undefined && (column === undefined || columns.has(column.toLowerCase()));
  }

  /** `alias.column`; NULL if the column is missing. */
  column(alias: string, table: string, column: string): string {
    return this.has(table, column) ? `${alias}.${column}` : "NULL";
  }

  /** `LEFT JOIN …`; empty if the table is missing. */
  join(table: string, alias: string, on: string): string {
    return this.has(table) ? `LEFT JOIN ${table} ${alias} ON ${on} ` : "";
  }

  get unseen(): string[] {
    return this.#lacking(wanted);
  }

  get missing(): string[] {
    return this.#lacking(needed);
  }

  #lacking(tables: Readonly<Record<string, readonly string[]>>): string[] {
    return Object.entries(tables).flatMap(([table, columns]) =>
      this.has(table)
        ? columns.filter((column) => !this.has(table, column)).map((column) => `${table}.${column}`)
        : [table],
    );
  }
}

/**
 * Throws NOT_MIGRATED if the tables of jobs are missing, and MISSING_PRIVILEGE if this account cannot tell: a table that
 * it cannot see may exist.
 */
export async function readShape(db: Db): Promise<Shape> {
  const tables = [...new Set([...Object.keys(needed), ...Object.keys(wanted)])];
  const shape = new Shape(await readColumnNames(db, tables));
  if (shape.missing.length > 0) await rejectDatabase(db, shape.missing);
  return shape;
}

// --- internal ---

async function rejectDatabase(db: Db, missing: readonly string[]): Promise<never> {
  const [row] = await db.rows<{ account: string }>("SELECT CURRENT_USER() AS account");
  await assertMaySelect(db, row?.account ?? "");
  throw new MigrateError("NOT_MIGRATED", "this database does not have all tables of processing jobs", {
    where: db.database,
    found: `no ${missing.join(", ")}`,
    done: "nothing was read",
    next: hint("status", { note: "shows what is pending or skipped, and the command that creates it" }),
  });
}
