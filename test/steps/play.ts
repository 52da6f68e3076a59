/** A step's questions, statements and probes, sent as a run sends them, without the engine around. */
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import type { Db, Warning } from "../../src/db/db.ts";
import { id } from "../../src/sql.ts";
import type { Facts, Statement, Undo } from "../../src/steps/contract.ts";
import { inspect, questionsOf, render, tablesOf } from "../../src/steps/index.ts";
import type { Step } from "../../src/steps/step.ts";

/** The catalog, of these tables or of all, and the answers to what the step has to ask. */
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

/** Under its session variables, and again for as long as it says so. */
export async function send(db: Db, { sql, session = {}, repeats }: Statement): Promise<readonly Warning[]> {
  const names = Object.keys(session);
  for (const name of names) await db.run(`SET SESSION ${name} = ${session[name]}`);
  const warnings: Warning[] = [];
  for (;;) {
    const outcome = await db.run(sql);
    warnings.push(...outcome.warnings);
    if (repeats === undefined || outcome.affectedRows === 0) break;
  }
  // As src/db/session.ts has them.
  if ("foreign_key_checks" in session) await db.run("SET SESSION foreign_key_checks = 1");
  if ("time_zone" in session) await db.run("SET SESSION time_zone = '+00:00'");
  return warnings;
}

/** Under the lock that it asks for, where it does. */
export async function takeBack(db: Db, { statement, hold, loss, clear }: Undo): Promise<readonly Warning[]> {
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

/** One after the other; each is done where it is absent, and its title kept. Throws at a conflict. */
export async function play(db: Db, steps: readonly Step[]): Promise<Step[]> {
  const done: Step[] = [];
  for (const [at, step] of steps.entries()) {
    const facts = await factsFor(db, step, steps.slice(at + 1), tablesOf(step));
    const verdict = inspect(step, facts);
    if (verdict.state === "conflict") throw new Error(JSON.stringify(verdict.conflicts));
    if (verdict.state === "present") continue;
    const statement = render(step, facts);
    if (statement.guard !== undefined) {
      const counted = await count(db, statement.guard.sql);
      if (counted > 0) throw new Error(`${counted} ${statement.guard.counts}`);
    }
    await send(db, statement);
    done.push(step);
  }
  return done;
}

/** The `n` of a question, a probe or a guard. */
export async function count(db: Db, sql: string): Promise<number> {
  const [row] = await db.rows<{ n: number | string }>(sql);
  return Number(row?.n);
}
