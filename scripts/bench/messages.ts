import { loadBase } from "../../src/base/load-base.ts";
import { connect } from "../../src/db/connect.ts";
import type { Db, Target } from "../../src/db/db.ts";
import type { RunningServer } from "../../src/server/provider.ts";
import { newDatabase } from "./servers.ts";

/** Pull request 36, and a FULLTEXT key on each of both tables. */
const messages = [
  "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
    "autoProcProgramId int unsigned, recordTimeStamp timestamp NULL DEFAULT current_timestamp, " +
    "severity enum('ERROR','WARNING','INFO'), message varchar(200), description text, " +
    "CONSTRAINT AutoProcProgramMessage_fk1 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId)) " +
    "ENGINE=InnoDB DEFAULT CHARSET=latin1",
  "INSERT INTO AutoProcProgramMessage (autoProcProgramId, recordTimeStamp, message) " +
    "SELECT autoProcProgramId, NULL, 'finished without a fault' FROM AutoProcProgram",
  "ALTER TABLE AutoProcProgram ADD FULLTEXT KEY words (processingMessage)",
  "ALTER TABLE AutoProcProgramMessage ADD FULLTEXT KEY words (message)",
];

/** A database with so many programs, and as many messages without severity or time. */
export async function withMessages(server: RunningServer, name: string, programs: number): Promise<Target> {
  const target = await newDatabase(server, name);
  await using db = await connect(target);
  await loadBase(db, "official");
  await fill(db, programs);
  for (const sql of messages) await db.run(sql);
  return target;
}

// --- internal ---

async function fill(db: Db, programs: number): Promise<void> {
  const count = async () => Number((await db.rows<{ n: number }>("SELECT COUNT(*) AS n FROM AutoProcProgram"))[0]?.n);
  for (let rows = await count(); rows < programs; rows = await count()) {
    await db.run(
      "INSERT INTO AutoProcProgram (dataCollectionId, processingCommandLine, processingPrograms, processingStatus, processingMessage, processingStartTime) " +
        "SELECT dataCollectionId, 'xia2 pipeline=dials image=/data/x_1_master.h5:1:1100', 'xia2 dials', 'SUCCESS', 'processing successful', NOW() " +
        `FROM AutoProcProgram LIMIT ${programs - rows}`,
    );
  }
}
