/** A real session: another session runs a statement just before one of its statements. */
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import type { TestDatabase } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { passing } from "./cut.ts";

/** What `up` opens its sessions with: right before the first statement like this one of the main session, the other is sent. */
export function meddlingConnect(
  db: TestDatabase,
  ours: { test: (sql: string) => boolean },
  theirs: string,
  account?: Parameters<typeof targetOf>[1],
): (role: string) => Promise<Db> {
  let met = false;
  return async (role) => {
    const session = await connect(targetOf(db, account), role);
    return {
      ...passing(session),
      async run(sql, values, read) {
        if (!met && role === "main" && ours.test(sql)) {
          met = true;
          await db.query(theirs);
        }
        return session.run(sql, values, read);
      },
    };
  };
}
