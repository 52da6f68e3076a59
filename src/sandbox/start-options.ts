import type { Recipe } from "./recipe.ts";

/** What a sandbox is started with. */
export interface SandboxOptions {
  readonly recipe: Recipe;
  /** How many databases; each has the content of the recipe. */
  readonly workers: number;
  /** A series (`mysql-9`) or an image (`mysql:9.7`); the first server that this machine has if undefined. */
  readonly server?: string | undefined;
  /** A file that `packTemplate` wrote. */
  readonly template?: string | undefined;
  /** Refuses at once a server that cannot be detached. */
  readonly mustOutlive?: boolean;
  readonly report: (line: string) => void;
}
