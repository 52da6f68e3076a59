/** The project's own migrations, and one more after them. */
import { type Migration, loadMigrations } from "../../src/plan/load-migrations.ts";
import { checksum } from "../../src/steps/checksum.ts";
import type { Step } from "../../src/steps/step.ts";

export const probe = "2030_01_01_probe";

export async function withProbe(...steps: readonly Step[]): Promise<Migration[]> {
  const more = { name: probe, why: "A probe.", upstream: [], steps, checksum: checksum(steps) };
  return [...(await loadMigrations()), more];
}
