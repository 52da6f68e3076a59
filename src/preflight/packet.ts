/** The longest packet that a server takes: a longer statement would end the connection in the middle of a run. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { absentSteps } from "../plan/plan.ts";
import { isRepeatableDue } from "../repeatables/repeatable.ts";
import type { Statement } from "../steps/contract.ts";
import type { Subject } from "./check.ts";

/** Throws CONFLICT if a pending statement is longer than the server's max_allowed_packet. */
export async function assertPacketSize(db: Db, { plan, request, retry }: Subject): Promise<void> {
  const repeatables = plan.repeatables.filter((each) => isRepeatableDue(each, request.repair));
  const statements = [
    ...absentSteps(plan.migrations).flatMap(({ title, statement }) => named(title, statement)),
    ...repeatables.flatMap(({ title, live }) =>
      "change" in live ? live.change.statements.flatMap((each) => named(title, each)) : [],
    ),
  ];
  const [longest] = statements.toSorted((a, b) => b.bytes - a.bytes);
  const [row] = await db.rows<{ most: number | string }>("SELECT @@SESSION.max_allowed_packet AS most");
  const most = Number(row?.most);
  if (longest === undefined || longest.bytes + OWN_BYTES <= most) return;
  const wanted = 2 ** Math.ceil(Math.log2(longest.bytes + OWN_BYTES));
  throw new MigrateError("CONFLICT", "a statement of this run is longer than a packet that the server takes", {
    where: longest.title,
    found: `a statement of ${longest.bytes} bytes; max_allowed_packet is ${most}`,
    done: "nothing was changed",
    next: [
      `SET GLOBAL max_allowed_packet = ${wanted};   -- holds for new connections, until the server is restarted`,
      withNote(retry, "afterwards"),
    ],
  });
}

// --- internal ---

/** A packet holds more than its statement. */
const OWN_BYTES = 1024;

function named(title: string, statement: Statement | undefined): { title: string; bytes: number }[] {
  return statement === undefined ? [] : [{ title, bytes: Buffer.byteLength(statement.sql) }];
}
