/** Sends a step's questions, statements and probes as a run does, without plan, lease and journal. */
import { expect } from "vitest";
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import type { Db, Warning } from "../../src/db/db.ts";
import { ServerError } from "../../src/db/server-errors.ts";
import type { Dialect } from "../../src/dialect/dialect.ts";
import { type FillEvents, fillInBatches } from "../../src/run/fill.ts";
import { id } from "../../src/sql.ts";
import type { Facts, Statement, Undo } from "../../src/steps/contract.ts";
import { inspect, questionsOf, render, tablesOf } from "../../src/steps/index.ts";
import type { Step } from "../../src/steps/step.ts";

/** The facts for a step: the catalog of these tables, or of all, and the answers to the step's questions. */
export async function factsFor(
  db: Db,
  step: Step,
  later: readonly Step[] = [],
  tables?: readonly string[],
): Promise<Facts> {
  const { dialect } = await readServer(db);
  const catalog = await introspect(db, dialect, tables === undefined ? {} : { tables });
  const answers = new Map<string, Record<string, unknown>[]>();
  for (const question of questionsOf(step, catalog)) answers.set(question, await db.rows(question));
  return { catalog, dialect, answers, later };
}

/** Sends the statement under its session variables, or its batches; no other session may have their rows locked. */
export async function send(db: Db, { fill, session = {}, sql }: Statement): Promise<readonly Warning[]> {
  const names = Object.keys(session);
  for (const name of names) await db.run(`SET SESSION ${name} = ${session[name]}`);
  const warnings: Warning[] = [];
  if (fill === undefined) warnings.push(...(await db.run(sql)).warnings);
  else await fillInBatches(db, fill, undisturbed);
  // The values of src/db/session.ts.
  if ("foreign_key_checks" in session) await db.run("SET SESSION foreign_key_checks = 1");
  if ("time_zone" in session) await db.run("SET SESSION time_zone = '+00:00'");
  return warnings;
}

const undisturbed: FillEvents = {
  between: () => {},
  filled: () => {},
  busy: () => Promise.reject(new Error("rows are locked")),
};

/** Sends the statements of an undo, under a table lock if it asks for one. */
export async function sendUndo(db: Db, { statement, hold, loss, clear }: Undo): Promise<readonly Warning[]> {
  if (statement === undefined) return [];
  if (hold !== "lock" || loss === undefined) return send(db, statement);
  await db.run(`LOCK TABLES ${id(loss.table)} WRITE`);
  try {
    const warnings = clear === undefined ? [] : (await db.run(clear)).warnings;
    return [...warnings, ...(await send(db, statement))];
  } finally {
    await db.run("UNLOCK TABLES");
  }
}

/** Applies each absent step in order and returns the applied ones. Throws at a conflict. */
export async function play(db: Db, steps: readonly Step[]): Promise<Step[]> {
  const done: Step[] = [];
  for (const [at, step] of steps.entries()) {
    const facts = await factsFor(db, step, steps.slice(at + 1), tablesOf(step));
    const verdict = inspect(step, facts);
    if (verdict.state === "conflict") throw new Error(JSON.stringify(verdict.conflicts));
    if (verdict.state === "present") continue;
    const statement = render(step, facts);
    for (const guard of statement.guards ?? []) {
      const counted = await count(db, guard.sql);
      if (counted > 0) throw new Error(`${counted} ${guard.counts}`);
    }
    await send(db, statement);
    done.push(step);
  }
  return done;
}

/** The `n` that a question, a probe or a guard returns. */
export async function count(db: Db, sql: string): Promise<number> {
  const [row] = await db.rows<{ n: number | string }>(sql);
  return Number(row?.n);
}

/**
 * Proves that the server refuses every lighter algorithm and lock than the predicted ones. NOCOPY only says that nothing is
 * rebuilt: the server may make it INSTANT.
 */
export async function expectNoLighterWay(db: Db, statement: Statement, { can }: Dialect): Promise<void> {
  const { online, session = {} } = statement;
  if (online?.algorithm === "NOCOPY") return;
  const ways = [can.instant, can.withoutRebuild, can.rebuild, { algorithm: "INPLACE", lock: "SHARED" }, can.copy];
  const predicted = ways.findIndex(({ algorithm, lock }) => algorithm === online?.algorithm && lock === online.lock);
  expect(predicted, statement.sql).toBeGreaterThanOrEqual(0);
  if ("foreign_key_checks" in session) await db.run("SET SESSION foreign_key_checks = 0");
  for (const { algorithm, lock } of ways.slice(0, predicted)) {
    const lighter = statement.sql.replace(/ALGORITHM=\w+, LOCK=\w+$/, `ALGORITHM=${algorithm}, LOCK=${lock}`);
    await expect(db.run(lighter), lighter).rejects.toThrow(ServerError);
  }
  if ("foreign_key_checks" in session) await db.run("SET SESSION foreign_key_checks = 1");
}
