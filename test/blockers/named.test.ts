/** A lock of each kind keeps a run waiting: the run names the session that holds it, and finishes when it is gone. */
import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wantedLanes } from "../support/lanes.ts";
import { showingLocks } from "../support/lock-plugin.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { type Lane, type TestDatabase, onEveryServer, testDatabase } from "../support/servers.ts";
import { createDatabase } from "../support/template.ts";
import { upgrade } from "../support/upgrade.ts";

interface Kind {
  readonly name: string;
  readonly vendor?: Lane["vendor"];
  /** Statements that take the lock; DB is the database. */
  readonly take: readonly string[];
  readonly says: RegExp;
}

/** It makes a table, and changes AutoProcProgram. */
const FIRST_CHANGE = "2017_10_16_2_auto_proc_program_processing_job_id";

const open = "START TRANSACTION";
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

/** The first line of a run that has to wait; the lock is released then, and the run has to finish. */
async function firstWait(db: TestDatabase, holder: Connection): Promise<string> {
  const reasons: string[] = [];
  const { recorded } = await upgrade(db, {
    to: FIRST_CHANGE,
    procedures: [],
    // The innocents may end with an error: a run would wait for them where it makes a table anew.
    allowStall: true,
    progress(event) {
      if (event.kind !== "waiting") return;
      reasons.push(event.reason);
      if (reasons.length === 1) holder.destroy();
    },
  });
  expect(recorded.at(-1)).toBe(FIRST_CHANGE);
  return reasons[0] ?? "";
}

const shown = await Promise.all(wantedLanes().map(async (lane) => [lane.name, await showingLocks(lane)] as const));

onEveryServer("blockers", (lane) => {
  const args = new Map(shown).get(lane.name);
  describe.skipIf(typeof args === "string")("where the server shows who holds a lock", () => {
    let server: TestDatabase;
    let made = 0;
    beforeAll(async () => {
      server = await databaseStartedWith(lane, "official", typeof args === "object" ? args : []);
    });
    afterAll(() => server[Symbol.asyncDispose]());

    async function newDatabase(): Promise<TestDatabase> {
      const name = `blocked${++made}`;
      await createDatabase(server, name, "official");
      return testDatabase({ ...server, [Symbol.asyncDispose]: async () => {} }, lane, name);
    }

    test.for(kinds.filter(({ vendor = lane.vendor }) => vendor === lane.vendor))("$name", async ({ take, says }) => {
      await using db = await newDatabase();
      // Innocents, older than the blocker.
      for (const table of ["Proposal", "BLSession", "Person", "Protein"]) {
        const innocent = await db.connection();
        await innocent.query(open);
        await innocent.query(`SELECT COUNT(*) FROM ${table}`);
      }
      const holder = await db.connection();
      for (const sql of take) await holder.query(sql.replace("DB.", `${db.database}.`));
      const reason = await firstWait(db, holder);
      expect(reason).toContain(`connection ${holder.threadId} (root@`);
      expect(reason).toMatch(says);
      expect(reason).toContain(`KILL ${holder.threadId};`);
      expect(reason.match(/connection \d+/g)).toHaveLength(1);
      expect(reason.startsWith("the server is locked, as for a backup")).toBe(
        /backup|WITH READ LOCK$/i.test(take.at(-1) ?? "") && !/AutoProc/.test(take.at(-1) ?? ""),
      );
    });
  });
});
