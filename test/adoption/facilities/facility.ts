/** A facility's database on a server of the test: made, changed, and dropped again. */
import { loadBase } from "../../../src/base/load-base.ts";
import { connect } from "../../../src/db/connect.ts";
import { messageOf } from "../../../src/errors.ts";
import { type TestDatabase, testDatabase } from "../../support/servers.ts";
import { targetOf } from "../../support/upgrade.ts";
import { type Change, type Start, statementsOf } from "./change.ts";

const NAME = "facility";
const accounts = ["ispyb_web", "web@localhost"];

export interface Facility extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly start: Start;
  /** Those that the server took as a whole. */
  readonly whole: readonly Change[];
  /** Those that it refused at some statement: `at` counts from 0. */
  readonly refused: readonly { readonly change: Change; readonly at: number; readonly why: string }[];
}

export async function facilityWith(server: TestDatabase, start: Start, changes: readonly Change[]): Promise<Facility> {
  const admin = await server.connection();
  const clean = async () => {
    await admin.query("SET SESSION foreign_key_checks = 0");
    await admin.query(`DROP DATABASE IF EXISTS ${NAME}`);
    await admin.query(`DROP ROLE IF EXISTS ${accounts[0]}`);
    await admin.query(`DROP USER IF EXISTS ${accounts[1]}`);
  };
  await clean();
  await admin.query(`CREATE DATABASE ${NAME} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
  const nothing = { async [Symbol.asyncDispose]() {} };
  const db = testDatabase({ ...server, ...nothing }, server.lane, NAME);
  {
    await using session = await connect(targetOf(db));
    await loadBase(session, start.base);
  }
  const hands = await db.connection();
  for (const sql of start.sql) await hands.query(sql);
  const whole: Change[] = [];
  const refused: { change: Change; at: number; why: string }[] = [];
  for (const change of changes) {
    const statements = statementsOf(change, server.lane.vendor) ?? [];
    let at = 0;
    try {
      for (; at < statements.length; at++) await hands.query(statements[at] ?? "");
      if (statements.length > 0) whole.push(change);
    } catch (error) {
      refused.push({ change, at, why: messageOf(error) });
    }
  }
  return {
    db,
    start,
    whole,
    refused,
    async [Symbol.asyncDispose]() {
      await clean();
      await db[Symbol.asyncDispose]();
      admin.destroy();
    },
  };
}
