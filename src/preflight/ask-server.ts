/**
 * Asks the server about the statements of a run before its first change (src/run/ask-server.ts). It answers what the catalog
 * does not show. Not asked: a COPY, which would begin; a statement that needs an earlier one of the run; a cluster, where
 * an ALTER does not wait for readers.
 */
import type { Needs } from "../catalog/hidden.ts";
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import {
  type ServerError,
  isAlgorithmRefused,
  isConnectionLost,
  isDuplicateObject,
  isHistoryKept,
} from "../db/server-errors.ts";
import { withOnline } from "../dialect/render.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, withNote } from "../hint.ts";
import type { Online } from "../model.ts";
import { type Asking, refusalOf } from "../run/ask-server.ts";
import { assertSteady } from "../state/same-session.ts";
import type { Statement } from "../steps/contract.ts";
import { type StepRef, formatStepRef } from "../steps/step-ref.ts";
import { keepHistory } from "./kept-rows.ts";

/** A statement as it would be sent now. */
export interface Sendable {
  readonly ref: StepRef;
  readonly table: string;
  readonly statement: Statement;
}

export interface Questions {
  readonly connect: (role: string) => Promise<Db>;
  readonly main: Db;
  readonly server: Server;
  readonly statements: readonly Sendable[];
  readonly retry: Hint;
}

/**
 * What tables need, beyond `known`. Statements that need more have to be planned again, and are asked a last time. Throws
 * CONFLICT for a statement that the server then refuses, and SESSION_MOVED.
 */
export async function askServer(questions: Questions, known: Needs, isLast: boolean): Promise<Needs> {
  const { connect, main, server, statements, retry } = questions;
  const asked = statements.filter(({ statement }) => isAskable(statement));
  const needs = new Map(known);
  if (asked.length === 0) return needs;
  await using asker = await connect("asker");
  // On another server its ALTER would meet no reader, and so be made.
  await assertSteady(asker, server, retry);
  const asking: Asking = { main, asker, server };
  for (const each of asked) {
    const refusal = await refusalOf(asking, each.table, each.statement);
    if (refusal === undefined || isDuplicateObject(refusal)) continue;
    if (isConnectionLost(refusal)) throw refusal;
    if (isLast || !isAlgorithmRefused(refusal)) throw wouldRefuse(each, refusal, retry);
    needs.set(each.table, await lightestWay(asking, each));
  }
  return needs;
}

// --- internal ---

function isAskable({ online }: Statement): boolean {
  return online !== undefined && online.algorithm !== "COPY";
}

/** The lightest way that the server accepts; a copy, which is not asked, if it accepts no other. */
async function lightestWay(asking: Asking, { table, statement }: Sendable): Promise<Online> {
  const { can } = asking.server.dialect;
  for (const online of [can.rebuild, can.rebuildShared]) {
    const heavier = { ...statement, sql: withOnline(statement.sql, online) };
    if ((await refusalOf(asking, table, heavier)) === undefined) return online;
  }
  return can.copy;
}

function wouldRefuse({ ref, statement }: Sendable, cause: ServerError, retry: Hint): MigrateError {
  return new MigrateError("CONFLICT", `the server would refuse a statement of this run: ${cause.message}`, {
    where: formatStepRef(ref),
    found: `error ${cause.code} (${cause.sqlState}) for: ${statement.sql}`,
    done: "nothing was changed: the server was asked, and the statement was not sent for real",
    next: [...remedy(cause), withNote(retry, "afterwards")],
    cause,
  });
}

function remedy(cause: ServerError): string[] {
  return isHistoryKept(cause)
    ? [keepHistory]
    : ["change the table so that the server's reason, in the first line, no longer holds"];
}
