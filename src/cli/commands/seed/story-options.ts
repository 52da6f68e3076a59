/** Options of `seed`, as values. */
import { MigrateError } from "../../../errors.ts";
import { type Hint, hint } from "../../../hint.ts";

/** `dc1=8472788`, each by itself or several with commas between them. Throws USAGE. */
export function readUses(use: readonly string[] = []): Map<string, number> {
  const uses = new Map<string, number>();
  for (const word of use.flatMap((each) => each.split(","))) {
    const { label, id } = /^\s*(?<label>[^\s=]+)=(?<id>[1-9]\d{0,9})\s*$/.exec(word)?.groups ?? {};
    if (label === undefined || id === undefined) {
      throw invalidArgument("invalid value for --use", word, "LABEL=ID, for example --use dc1=8472788");
    }
    const before = uses.get(label);
    if (before !== undefined && before !== Number(id)) {
      throw invalidArgument(`--use gives two rows for ${label}`, `${before} and ${id}`, "one row for each label");
    }
    uses.set(label, Number(id));
  }
  return uses;
}

/** USAGE for an argument of `seed` that cannot be read. */
export function invalidArgument(
  what: string,
  given: string,
  wanted: string,
  next: Hint = hint("seed", { args: ["--help"] }),
): MigrateError {
  return new MigrateError("USAGE", what, { found: given, wanted, done: "nothing was changed", next });
}
