/** A real session whose socket goes away at one of its statements; nothing is imitated. */
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import type { TestDatabase } from "../support/servers.ts";
import { targetOf } from "./upgrade.ts";

export class CutOff extends Error {}

export interface Cut {
  /** Counted from 1 over everything that the main session sends to change something; or how the statement begins. */
  readonly at: number | string;
  readonly when: "before the server got it" | "after the server did it";
}

export interface Counter {
  sent: number;
}

/** What `up` and `down` open their sessions with: the main one is counted, and cut where `cut` says. */
export function cuttingConnect(db: TestDatabase, counter: Counter, cut?: Cut): (role: string) => Promise<Db> {
  return async (role) => {
    const session = await connect(targetOf(db), role);
    return role === "main" ? cutting(session, counter, cut) : session;
  };
}

function cutting(db: Db, counter: Counter, cut: Cut | undefined): Db {
  return {
    ...passing(db),
    async run(sql, values) {
      // A SET changes nothing that outlives its session: cut off there or at the next statement is the same.
      if (sql.startsWith("SET ")) return db.run(sql, values);
      counter.sent++;
      const now = typeof cut?.at === "string" ? sql.startsWith(cut.at) : counter.sent === cut?.at;
      if (now && cut?.when === "before the server got it") {
        db.destroy();
        throw new CutOff();
      }
      const outcome = await db.run(sql, values);
      if (now) {
        db.destroy();
        throw new CutOff();
      }
      return outcome;
    },
  };
}

/** Everything but `run`, as it is. */
export function passing(db: Db): Omit<Db, "run"> {
  return {
    connectionId: db.connectionId,
    database: db.database,
    rows: (sql, values) => db.rows(sql, values),
    destroy: () => db.destroy(),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}
