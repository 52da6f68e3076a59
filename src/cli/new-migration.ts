/** The name and the text of a migration that is still to be written. */
import { MigrateError } from "../errors.ts";
import { type Next, hint } from "../hint.ts";

/** A script's name in SchemaStatus has no more room. */
const LONGEST = 100;

/**
 * `YYYY_MM_DD_word`: the last of all, because what sorts before an applied migration comes late to a
 * database. Where those of the same day are numbered, it takes the next number. Throws USAGE.
 */
export function nameMigration(word: string, day: Date, existing: readonly string[]): string {
  rejectWord(word);
  const today = dated(day);
  const last = existing.toSorted().at(-1) ?? "";
  const number = new RegExp(`^${today}_(\\d+)_`).exec(last)?.[1];
  const name = [today, ...(number === undefined ? [] : [Number(number) + 1]), word].join("_");
  if (name.length > LONGEST)
    throw rejectName(`${name} is too long`, [], [`at most ${LONGEST} characters with the date`]);
  if (existing.includes(name))
    throw rejectName(`there is a migration ${name} already`, [], [`look into migrations/${name}.ts`]);
  if (name <= last) throw notLast(name, last, today);
  return name;
}

/** Complete, and of a form that every check accepts, so that the first run of the tests is green. */
export const template = `import { addColumn, column, migration } from "../src/steps/define.ts";

export default migration({
  why: "To be replaced: why a facility wants this, in a sentence or two. The plan shows it.",
  // Names of upstream's own scripts that make the same change, as its table SchemaStatus records them.
  upstream: [],
  steps: [
    // An example, to be replaced. Kinds of steps: src/steps/define.ts; how they look: the other migrations.
    addColumn("ProcessingJob", column("example", "varchar(80)", { comment: "To be replaced: what it holds" })),
  ],
});
`;

// --- internal ---

function rejectWord(word: string): void {
  if (/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(word)) return;
  const better = word
    .replace(/^[\d\W_]+/, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== "")
    .join("_");
  throw rejectName(
    "a migration cannot have this name",
    ["small letters, digits and underscores, a letter first; the date is put in front of it"],
    [hint("create", { args: [better === "" ? "what_it_does" : better] })],
  );
}

function notLast(name: string, last: string, today: string): MigrateError {
  const what = `${name} would not be the last migration, but come before ${last}`;
  const wanted = ["the last one: what sorts before an applied migration comes late to a database"];
  if (!last.startsWith(today)) return rejectName(what, wanted, ["date   # is the clock of this machine right?"]);
  return rejectName(what, wanted, [
    `mv migrations/${last}.ts migrations/${last.replace(today, `${today}_1`)}.ts   # where no database has it yet`,
    "or take a name that sorts behind it, or wait for tomorrow",
  ]);
}

function rejectName(what: string, wanted: readonly string[], next: readonly Next[]): MigrateError {
  return new MigrateError("USAGE", what, { wanted, done: "nothing was written", next });
}

function dated(day: Date): string {
  const parts = [day.getFullYear(), day.getMonth() + 1, day.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("_");
}
