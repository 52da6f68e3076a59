/** Locks that keep a run waiting, one of each kind. */
import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, describe } from "vitest";
import { wantedLanes } from "../support/lanes.ts";
import { showingLocks } from "../support/lock-plugin.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { type Lane, type TestDatabase, onEveryServer, testDatabase } from "../support/servers.ts";
import { createDatabase } from "../support/template.ts";

export interface Kind {
  readonly name: string;
  readonly vendor?: Lane["vendor"];
  /** Statements that take the lock; DB is the database. */
  readonly take: readonly string[];
  readonly says: RegExp;
}

/** It makes a table, and changes AutoProcProgram. */
export const FIRST_CHANGE = "2017_10_16_2_auto_proc_program_processing_job_id";

export const open = "START TRANSACTION";
const backup = /holds a backup lock/;

const kinds: readonly Kind[] = [
  {
    name: "a transaction that has read",
    take: [open, "SELECT COUNT(*) FROM AutoProcProgram"],
    says: /has a transaction open/,
  },
  {
    name: "a transaction that has written to a child table",
    take: [open, "SELECT COUNT(*) FROM AutoProcProgramAttachment FOR UPDATE"],
    says: /has a transaction open/,
  },
  {
    name: "a transaction in a connection with another default database",
    take: ["USE mysql", open, "SELECT COUNT(*) FROM DB.AutoProcProgram"],
    says: /has a transaction open/,
  },
  { name: "LOCK TABLES READ", take: ["LOCK TABLES AutoProcProgram READ"], says: /holds LOCK TABLES … READ/ },
  { name: "LOCK TABLES WRITE", take: ["LOCK TABLES AutoProcProgram WRITE"], says: /holds LOCK TABLES … WRITE/ },
  {
    name: "FLUSH TABLES of one table",
    take: ["FLUSH TABLES AutoProcProgram WITH READ LOCK"],
    says: /holds FLUSH TABLES … WITH READ LOCK/,
  },
  {
    name: "HANDLER",
    take: ["HANDLER AutoProcProgram OPEN", "HANDLER AutoProcProgram READ FIRST"],
    says: /uses the table/,
  },
  {
    name: "FLUSH TABLES WITH READ LOCK",
    take: ["FLUSH TABLES WITH READ LOCK"],
    says: /holds FLUSH TABLES WITH READ LOCK/,
  },
  {
    name: "BACKUP STAGE BLOCK_DDL",
    vendor: "mariadb",
    take: ["BACKUP STAGE START", "BACKUP STAGE FLUSH", "BACKUP STAGE BLOCK_DDL"],
    says: backup,
  },
  { name: "LOCK INSTANCE FOR BACKUP", vendor: "mysql", take: ["LOCK INSTANCE FOR BACKUP"], says: backup },
];

export function kindsOf({ vendor: own }: Lane): readonly Kind[] {
  return kinds.filter(({ vendor = own }) => vendor === own);
}

/** A session that has taken the lock. Destroying it releases the lock. */
export async function take(db: TestDatabase, kind: Pick<Kind, "take">): Promise<Connection> {
  const holder = await db.connection();
  for (const sql of kind.take) await holder.query(sql.replace("DB.", `${db.database}.`));
  return holder;
}

const shown = new Map(
  await Promise.all(wantedLanes().map(async (lane) => [lane.name, await showingLocks(lane)] as const)),
);

/** The body once for each lane whose server can show who holds a lock, with what makes databases on such a server. */
export function onServersThatShow(
  name: string,
  body: (lane: Lane, newDatabase: () => Promise<TestDatabase>) => void,
): void {
  onEveryServer(name, (lane) => {
    const args = shown.get(lane.name);
    describe.skipIf(typeof args === "string")("where the server shows who holds a lock", () => {
      let server: TestDatabase;
      let made = 0;
      beforeAll(async () => {
        server = await databaseStartedWith(lane, "official", typeof args === "object" ? args : []);
      });
      afterAll(() => server[Symbol.asyncDispose]());
      body(lane, async () => {
        const database = `blocked${++made}`;
        await createDatabase(server, database, "official");
        return testDatabase({ ...server, [Symbol.asyncDispose]: async () => {} }, lane, database);
      });
    });
  });
}
