/** The parser knows which options a command takes; here is what a form of it, such as `seed remove`, does not take. */
import { MigrateError } from "../errors.ts";
import { type Hint, withoutOption } from "../hint.ts";
import type { OptionName, Options } from "../options.ts";

/** Throws USAGE for the first of these options that was given. Without it, a user would expect another result. */
export function assertNotGiven(
  { options }: { readonly options: Options },
  names: readonly OptionName[],
  form: string,
  next: Hint,
): void {
  const given = names.find((name) => options[name] !== undefined && options[name] !== false);
  if (given !== undefined) throw notTaken(form, `--${given}`, withoutOption(next, given));
}

/** USAGE: `sandbox list does not take --workers` */
export function notTaken(form: string, what: string, next: Hint, reason?: string): MigrateError {
  return new MigrateError("USAGE", `${form} does not take ${what}`, {
    ...(reason === undefined ? {} : { found: reason }),
    done: "nothing was changed",
    next,
  });
}
