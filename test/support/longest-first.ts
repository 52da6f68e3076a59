import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take longest on all servers, longest first. A long file that is begun last keeps one worker
 * busy while the others have nothing left to do; of all others the size is a good enough guess.
 */
export const longest = [
  "test/migrate/resume.test.ts",
  "test/migrate/kill.test.ts",
  "test/adoption/starting-states.test.ts",
  "test/state/waiting.test.ts",
  "test/run/lock-timeout.test.ts",
  "test/repeatables/repeatables.test.ts",
  "test/migrate/down-cut-off.test.ts",
  "test/migrate/lower-case-names.test.ts",
  "test/migrate/server-settings.test.ts",
  "test/package/package.test.ts",
  "test/server/private-server.test.ts",
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
