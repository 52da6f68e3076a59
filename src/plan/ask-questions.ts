import type { Db } from "../db/db.ts";
import type { Catalog } from "../model.ts";
import type { Answers } from "../steps/contract.ts";
import { questionsOf } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";

/** Asks what the catalog cannot tell about these steps: only SELECT, each question once. */
export async function askQuestions(db: Db, steps: readonly Step[], catalog: Catalog): Promise<Answers> {
  const answers = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  for (const question of steps.flatMap((step) => questionsOf(step, catalog))) {
    if (!answers.has(question)) answers.set(question, await db.rows(question));
  }
  return answers;
}
