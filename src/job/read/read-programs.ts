import type { Db } from "../../db/db.ts";
import type { Message, Program } from "../job.ts";
import { inBatches } from "./in-batches.ts";
import { statusOf } from "./job-status.ts";
import type { Shape } from "./shape.ts";

/** The programs of a job in the order of their rows. */
export async function readPrograms(db: Db, shape: Shape, job: number): Promise<Program[]> {
  const rows = await db.rows<Omit<Program, "messages" | "attachments">>(
    `SELECT p.autoProcProgramId AS id, p.processingPrograms AS name, ${statusOf} AS status, ` +
      `${shape.column("l", "ProcessingPipeline", "name")} AS pipeline, p.processingMessage AS message, ` +
      "p.processingCommandLine AS commandLine, p.processingEnvironment AS environment, " +
      "p.processingStartTime AS started, p.processingEndTime AS ended, p.recordTimeStamp AS recorded " +
      "FROM AutoProcProgram p " +
      (shape.has("AutoProcProgram", "processingPipelineId")
        ? shape.join("ProcessingPipeline", "l", "l.processingPipelineId = p.processingPipelineId")
        : "") +
      "WHERE p.processingJobId = ? ORDER BY p.autoProcProgramId",
    [job],
  );
  const ids = rows.map(({ id }) => id);
  const messages = await readMessages(db, shape, ids);
  const attachments = await countAttachments(db, shape, ids);
  return rows.map((row) => ({
    ...row,
    messages: messages.get(row.id) ?? [],
    attachments: attachments.get(row.id) ?? { count: 0, deleted: 0 },
  }));
}

// --- internal ---

async function readMessages(db: Db, shape: Shape, programs: readonly number[]): Promise<Map<number, Message[]>> {
  if (!shape.has("AutoProcProgramMessage")) return new Map();
  const rows = await inBatches(programs, (batch, list) =>
    db.rows<Message & { program: number }>(
      "SELECT autoProcProgramId AS program, CAST(severity AS CHAR) AS severity, message, description, " +
        `recordTimeStamp AS recorded FROM AutoProcProgramMessage WHERE autoProcProgramId IN (${list}) ` +
        "ORDER BY CASE CAST(severity AS CHAR) WHEN 'ERROR' THEN 0 WHEN 'WARNING' THEN 1 ELSE 2 END, " +
        "autoProcProgramMessageId",
      batch,
    ),
  );
  const byProgram = Map.groupBy(rows, ({ program }) => program);
  return new Map([...byProgram].map(([id, own]) => [id, own.map(withoutProgram)]));
}

function withoutProgram({ severity, message, description, recorded }: Message): Message {
  return { severity, message, description, recorded };
}

async function countAttachments(
  db: Db,
  shape: Shape,
  programs: readonly number[],
): Promise<Map<number, Program["attachments"]>> {
  if (!shape.has("AutoProcProgramAttachment", "autoProcProgramId")) return new Map();
  const deleted = shape.column("a", "AutoProcProgramAttachment", "deleted");
  const rows = await inBatches(programs, (batch, list) =>
    db.rows<{ program: number; count: number; deleted: number | string | null }>(
      `SELECT a.autoProcProgramId AS program, COUNT(*) AS count, SUM(${deleted} = 1) AS deleted ` +
        `FROM AutoProcProgramAttachment a WHERE a.autoProcProgramId IN (${list}) GROUP BY a.autoProcProgramId`,
      batch,
    ),
  );
  return new Map(rows.map((row) => [row.program, { count: Number(row.count), deleted: Number(row.deleted ?? 0) }]));
}
