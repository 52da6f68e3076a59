import { MigrateError } from "../../../errors.ts";
import { hint } from "../../../hint.ts";
import type { Description } from "../../../sandbox/description.ts";
import type { LocalContext } from "../../command-context.ts";

/** The id in ISPYB_SANDBOX, which a program inside a sandbox has; else undefined. */
export function givenSandbox({ env }: LocalContext): string | undefined {
  return env["ISPYB_SANDBOX"];
}

/** How to name one of several sandboxes. */
export const naming = [
  "export ISPYB_SANDBOX=ID, with the ID of the sandbox that you mean; then run the same command again",
];

/** The named database, or all. Throws USAGE for a name that the sandbox does not have. */
export function databasesOf({ databases, id }: Description, name: string | undefined): readonly string[] {
  const names = databases.map((each) => each.name);
  if (name === undefined) return names;
  if (names.includes(name)) return [name];
  throw new MigrateError("USAGE", `sandbox ${id} has no database ${name}`, {
    wanted: names.join(", "),
    done: "nothing was changed",
    next: hint("sandbox", { args: ["list"] }),
  });
}
