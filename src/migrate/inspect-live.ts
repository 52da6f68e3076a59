import { withNeeds } from "../catalog/hidden.ts";
import { introspect } from "../catalog/introspect.ts";
import { askQuestions } from "../plan/ask-questions.ts";
import { asideTablesOf } from "../plan/set-aside.ts";
import type { Run } from "../run/run.ts";
import type { Facts, Verdict } from "../steps/contract.ts";
import { inspect, tablesOf } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";

/** Inspects a step against the tables that it and the `joined` steps touch, as they are now. */
export async function inspectLive(
  run: Run,
  step: Step,
  later: readonly Step[] = [],
  joined: readonly Step[] = [],
): Promise<{ facts: Facts; verdict: Verdict }> {
  const facts = await readFacts(run, [step, ...joined], later);
  return { facts, verdict: inspect(step, facts) };
}

/** Inspects each step of one statement; the tables that they touch are read once. */
export async function inspectAllLive(
  run: Run,
  steps: readonly Step[],
  later: readonly Step[] = [],
): Promise<readonly Verdict[]> {
  const facts = await readFacts(run, steps, later);
  return steps.map((step) => inspect(step, facts));
}

// --- internal ---

async function readFacts(run: Run, steps: readonly Step[], later: readonly Step[]): Promise<Facts> {
  const { dialect } = run.server;
  const tables = [...new Set(steps.flatMap((each) => [...tablesOf(each), ...asideTablesOf(each)]))];
  const catalog = withNeeds(await introspect(run.main, dialect, { tables }), run.needs);
  return { catalog, dialect, answers: await askQuestions(run.main, steps, catalog), later };
}
