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
  const { dialect } = run.server;
  const steps = [step, ...joined];
  const tables = [...new Set(steps.flatMap((each) => [...tablesOf(each), ...asideTablesOf(each)]))];
  const catalog = withNeeds(await introspect(run.main, dialect, { tables }), run.needs);
  const facts = { catalog, dialect, answers: await askQuestions(run.main, steps, catalog), later };
  return { facts, verdict: inspect(step, facts) };
}
