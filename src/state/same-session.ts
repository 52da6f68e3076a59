/**
 * A proxy may have the statements of one session answered by several servers, or open another session in silence when
 * one ends. Lease, advisory lock and settings belong to one session of one server. So the sessions of a run ask who
 * answers: outside and inside a transaction before the first change, and again with a SELECT before each statement.
 */
import { type Server, formatNode } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { isMarked } from "../db/session.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, withNote } from "../hint.ts";

/** Who answered a SELECT with the columns of `whoAnswers`. */
export interface Answerer {
  readonly answeredBy: string;
  readonly answeredIn: number | string;
  /** 1 in the session that this tool opened. */
  readonly isMarked: number;
}

/** Columns for any SELECT. */
export function whoAnswers({ nodeSql }: Server): string {
  return `${nodeSql} AS answeredBy, CONNECTION_ID() AS answeredIn, ${isMarked} AS isMarked`;
}

/** Throws SESSION_MOVED if the statements of this session are not all answered by it, on this server. Changes nothing. */
export async function assertSteady(db: Db, server: Server, retry: Hint): Promise<void> {
  const outside = await ask(db, server);
  const again = await ask(db, server);
  await db.run("START TRANSACTION");
  const inside = await ask(db, server);
  await db.run("ROLLBACK AND NO CHAIN");
  if ([outside, again, inside].every((answer) => isSame(db, server, answer))) return;
  throw moved({
    answers: [
      `at first: ${inWords(server.node, db.connectionId)}`,
      `outside a transaction: ${formatAnswer(outside)}`,
      `once more: ${formatAnswer(again)}`,
      `inside a transaction: ${formatAnswer(inside)}`,
    ],
    done: "nothing was changed",
    retry,
  });
}

/** Throws SESSION_MOVED if a SELECT with the columns of `whoAnswers` was not answered in this session. */
export function assertSameSession(db: Db, server: Server, answer: Answerer | undefined): void {
  if (isSame(db, server, answer)) return;
  throw moved({
    answers: [`at first: ${inWords(server.node, db.connectionId)}`, `now: ${formatAnswer(answer)}`],
    done: "the next statement was not sent; what was done before it stays done",
  });
}

/** Asks this session now. Throws SESSION_MOVED. */
export async function assertStillHere(db: Db, server: Server): Promise<void> {
  assertSameSession(db, server, await ask(db, server));
}

// --- internal ---

async function ask(db: Db, server: Server): Promise<Answerer | undefined> {
  const [answer] = await db.rows<Answerer>(`SELECT ${whoAnswers(server)}`);
  return answer;
}

function isSame({ connectionId }: Db, { node }: Server, answer: Answerer | undefined): boolean {
  return answer?.answeredBy === node && Number(answer.answeredIn) === connectionId && Number(answer.isMarked) === 1;
}

function formatAnswer(answer: Answerer | undefined): string {
  if (answer === undefined) return "no answer";
  const place = inWords(answer.answeredBy, answer.answeredIn);
  return Number(answer.isMarked) === 1 ? place : `${place}, another session`;
}

function inWords(node: string, connection: number | string): string {
  return `${formatNode(node)}, connection ${connection}`;
}

function moved(about: {
  readonly answers: readonly string[];
  readonly done: string;
  readonly retry?: Hint;
}): MigrateError {
  const { answers, done, retry } = about;
  return new MigrateError(
    "SESSION_MOVED",
    "a proxy sends the statements of this run to more than one server or session",
    {
      found: answers,
      wanted: "one server, and on it one session from the first statement to the last",
      done,
      next: [
        "use the address of the server itself, or an address of the proxy that keeps a connection on one server",
        ...(retry === undefined ? [] : [withNote(retry, "with --url of the server that writes")]),
      ],
    },
  );
}
