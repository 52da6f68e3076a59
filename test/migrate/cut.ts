/** A real session that loses its socket at one of its statements. */
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import type { Lane, TestDatabase } from "../support/servers.ts";
import { isProof } from "../support/proof.ts";
import { shareOfCases } from "../support/share.ts";
import { targetOf } from "../support/upgrade.ts";

export class CutOff extends Error {}

export interface Cut {
  /** Counted from 1 over everything that the main session sends to change something; or how the statement begins. */
  readonly at: number | string;
  readonly when: "before the server got it" | "after the server did it";
}

export interface Counter {
  sent: number;
  /** The start of each statement, if the test needs it. */
  readonly texts?: string[];
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
    async run(sql, values, read) {
      // A SET changes nothing that outlives its session: cut off there or at the next statement is the same.
      if (sql.startsWith("SET ")) return db.run(sql, values, read);
      counter.sent++;
      counter.texts?.push(sql.slice(0, 40));
      const now = typeof cut?.at === "string" ? sql.startsWith(cut.at) : counter.sent === cut?.at;
      if (now && cut?.when === "before the server got it") {
        db.destroy();
        throw new CutOff();
      }
      const outcome = await db.run(sql, values, read);
      if (now) {
        db.destroy();
        throw new CutOff();
      }
      return outcome;
    },
  };
}

/**
 * The statements after which a run is cut off, counted from 1: every one of the migrations, and of the
 * many procedures and rows after them, which all go the same way, the first, the last and some between.
 */
export function cutPoints({ texts = [] }: Counter): number[] {
  const first = texts.findIndex((sql) => sql.startsWith("CREATE PROCEDURE"));
  const all = texts.map((_, at) => at + 1);
  return first < 0 ? all : all.filter((at) => at <= first + 4 || at > all.length - 5 || at % 29 === 0);
}

/**
 * Those of this server: in the suite each point is one server's, and a proof takes all of them on every server. A cut before
 * a statement leaves what a cut after the one before it leaves, so the moment after it is enough.
 */
export function pointsOf(lane: Lane, points: readonly number[]): readonly number[] {
  return isProof() ? points : shareOfCases(lane, points, 1);
}

/** Everything but `run`, as it is. */
export function passing(db: Db): Omit<Db, "run"> {
  return {
    connectionId: db.connectionId,
    database: db.database,
    rows: (sql, values) => db.rows(sql, values),
    rowsInBytes: (sql, values) => db.rowsInBytes(sql, values),
    runBytes: (sql, bytes) => db.runBytes(sql, bytes),
    load: (sql, content) => db.load(sql, content),
    asStockClient: (work) => db.asStockClient(work),
    destroy: () => db.destroy(),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}
