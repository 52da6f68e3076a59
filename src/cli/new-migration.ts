/** The name and the text of a new migration. */
import { MigrateError } from "../errors.ts";
import { type Next, hint } from "../hint.ts";

/** The longest name that fits into SchemaStatus. */
const LONGEST = 100;

/**
 * `YYYY_MM_DD_word`, sorted after every existing migration: an earlier one would be late in every upgraded database.
 * If migrations of the same day are numbered, it takes the next number. Throws USAGE.
 */
export function nameMigration(word: string, day: Date, existing: readonly string[], given?: string): string {
  const folder = given ?? "migrations";
  rejectWord(word, given);
  const today = dated(day);
  const last = existing.toSorted().at(-1) ?? "";
  const number = new RegExp(`^${today}_(\\d+)_`).exec(last)?.[1];
  const name = [today, ...(number === undefined ? [] : [Number(number) + 1]), word].join("_");
  if (name.length > LONGEST)
    throw rejectName(`${name} is too long`, [], [`at most ${LONGEST} characters with the date`]);
  if (existing.includes(name)) throw rejectName(`migration ${name} already exists`, [], [`see ${folder}/${name}.ts`]);
  if (name <= last) throw notLast(name, last, today, folder);
  return name;
}

/** Complete and accepted by every check, so that the first run of the tests is green. `from` is what it imports. */
export const template = (from: string): string => `import { addColumn, column, migration } from ${JSON.stringify(from)};

export default migration({
  why: "TO REPLACE: why a facility wants this, in a sentence or two. The plan shows it.",
  // Names of upstream scripts that make the same change, as SchemaStatus records them.
  upstream: [],
  steps: [
    // An example, to replace. The other kinds of steps are what this module exports, each with its own comment.
    addColumn("ProcessingJob", column("example", "varchar(80)", { comment: "TO REPLACE: what it holds" })),
  ],
});
`;

// --- internal ---

function rejectWord(word: string, given: string | undefined): void {
  if (/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(word)) return;
  const better = word
    .replace(/^[\d\W_]+/, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== "")
    .join("_");
  throw rejectName(
    "invalid name for a migration",
    ["lower-case letters, digits and underscores, starting with a letter; the date is added in front"],
    [hint("create", { args: [better === "" ? "what_it_does" : better], options: { in: given } })],
  );
}

function notLast(name: string, last: string, today: string, folder: string): MigrateError {
  const what = `${name} would sort before the existing ${last}`;
  const wanted = ["a name that sorts after every existing migration"];
  if (!last.startsWith(today))
    return rejectName(what, wanted, ["date   # if this is not today's date, correct the clock of this machine"]);
  return rejectName(what, wanted, [
    `mv ${folder}/${last}.ts ${folder}/${last.replace(today, `${today}_1`)}.ts   # if no database has it yet`,
    "or choose a name that sorts after it, or wait until tomorrow",
  ]);
}

function rejectName(what: string, wanted: readonly string[], next: readonly Next[]): MigrateError {
  return new MigrateError("USAGE", what, { wanted, done: "nothing was written", next });
}

function dated(day: Date): string {
  const parts = [day.getFullYear(), day.getMonth() + 1, day.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("_");
}
