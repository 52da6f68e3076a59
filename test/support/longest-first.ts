import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take 40 seconds and more on all servers, longest first, as a whole run had them. A long file that is begun
 * last keeps one worker busy while the others have nothing left to do; of all others the size is a good enough guess.
 */
export const longest = [
  "test/plan/promises.test.ts",
  "test/adoption/starting-states.test.ts",
  "test/migrate/resume.test.ts",
  "test/migrate/skip-conflict.test.ts",
  "test/preflight/advice.test.ts",
  "test/migrate/down-cut-off.test.ts",
  "test/migrate/killed-rebuilds.test.ts",
  "test/adoption/facilities.test.ts",
  "test/state/races.test.ts",
  "test/script/plan-script.test.ts",
  "test/seed/generate-bad-day.test.ts",
  "test/blockers/named.test.ts",
  "test/migrate/kill.test.ts",
  "test/facility/ten.test.ts",
  "test/save/orphans.test.ts",
  "test/repeatables/repeatables.test.ts",
  "test/reset/random.test.ts",
  "test/state/silent.test.ts",
  "test/vitest/example.test.ts",
  "test/seed/generate.test.ts",
  "test/sandbox/sandbox.test.ts",
  "test/migrate/down.test.ts",
  "test/adoption/other-forms.test.ts",
  "test/sandbox/recipes.test.ts",
  "test/state/waiting.test.ts",
  "test/state/same-session.test.ts",
  "test/cli/next-works.test.ts",
  "test/migrate/verify-once.test.ts",
  "test/preflight/refusals.test.ts",
  "test/reset/states.test.ts",
  "test/reset/check.test.ts",
  "test/preflight/servers.test.ts",
  "test/migrate/down-history.test.ts",
  "test/sandbox/container.container.test.ts",
  "test/steps/table-forms.test.ts",
  "test/cli/hints.test.ts",
  "test/provision/provision.test.ts",
  "test/migrate/down-together.test.ts",
] as const;

/** The order in which the workers take the files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's method, which returns a new array
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const at = (longest as readonly string[]).indexOf(relative(project.config.root, moduleId));
  return at < 0 ? longest.length : at;
}
