/** The differences between two nodes, each as a sentence about the second one. Which of them is right is not known here. */
import { isDeepStrictEqual } from "node:util";
import { compareCatalogs } from "../../catalog/compare.ts";
import { type Difference, formatDifference, formatObject } from "../../catalog/difference.ts";
import { type Catalog, type StoredObject, findTable } from "../../model.ts";
import type { LiveProcedure } from "../../repeatables/procedures/live.ts";
import type { Entry } from "../../state/journal.ts";
import type { Picture } from "./picture.ts";

export interface NodeDifference {
  /** The table, view, trigger or routine, or the migration of the journal. */
  readonly name: string;
  readonly what: string;
}

/** What this account sees on one of the nodes only in part is compared where both show it. */
export function comparePictures(first: Picture, other: Picture): NodeDifference[] {
  const [one, two] = [first.catalog, other.catalog];
  const all = { isComplete: true };
  const triggers = { isComplete: first.sees.triggers && other.sees.triggers };
  const routines = { isComplete: first.sees.routines && other.sees.routines };
  return [
    ...compareCatalogs(one, two).map(ofCatalog),
    ...specialFeatures(one, two),
    ...compareNamed("view", one.views.map(readable), two.views.map(readable), all),
    ...compareNamed("trigger", one.triggers.map(readable), two.triggers.map(readable), triggers),
    ...compareNamed("function", functionsOf(one), functionsOf(two), routines),
    ...compareNamed("procedure", first.procedures.map(formOf), other.procedures.map(formOf), routines),
    ...compareJournals(first.journal, other.journal),
  ];
}

// --- internal ---

/** An object by its name; the form is left out where this account cannot read it. */
interface Named {
  readonly name: string;
  readonly form?: object;
}

function ofCatalog(difference: Difference): NodeDifference {
  const { expected, found: live, object } = difference;
  const what =
    expected === undefined ? `only there: ${formatObject(difference)}, ${live}` : formatDifference(difference);
  return { name: object.split(".", 1)[0] ?? object, what };
}

/** What the catalog of a table only names, such as partitions. */
function specialFeatures(first: Catalog, other: Catalog): NodeDifference[] {
  return Object.values(first.tables).flatMap((table) => {
    const twin = findTable(other, table.name);
    if (twin === undefined || isDeepStrictEqual(table.notUnderstood, twin.notUnderstood)) return [];
    const [wanted, live] = [table, twin].map(({ notUnderstood }) => notUnderstood.join(", ") || "none");
    return [{ name: table.name, what: `table ${table.name}, special features: ${live} instead of ${wanted}` }];
  });
}

function compareNamed(
  kind: string,
  first: readonly Named[],
  other: readonly Named[],
  { isComplete }: { readonly isComplete: boolean },
): NodeDifference[] {
  const [wanted, live] = [first, other].map((each) => new Map(each.map((one) => [one.name, one])));
  const names = new Set([...first, ...other].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [one, two] = [wanted?.get(name), live?.get(name)];
    const object = `${kind} ${name}`;
    if (one === undefined) return isComplete ? [{ name, what: `only there: ${object}` }] : [];
    if (two === undefined) return isComplete ? [{ name, what: `${object} is missing` }] : [];
    const isRead = one.form !== undefined && two.form !== undefined;
    return isRead && !isDeepStrictEqual(one.form, two.form) ? [{ name, what: `${object} has another form` }] : [];
  });
}

function readable(object: StoredObject): Named {
  return object.definition === undefined ? { name: object.name } : { name: object.name, form: object };
}

function functionsOf({ routines }: Catalog): Named[] {
  return routines.filter(({ kind }) => kind === "function").map(readable);
}

/** Not the digest: a server makes it of what it prints. */
function formOf({ digest: _digest, ...form }: LiveProcedure): Named {
  return form.sql === undefined ? { name: form.name } : { name: form.name, form };
}

function compareJournals(first: readonly Entry[], other: readonly Entry[]): NodeDifference[] {
  const keyed = (journal: readonly Entry[]) => new Map(journal.map((entry) => [placeOf(entry), entry]));
  const [wanted, live] = [keyed(first), keyed(other)];
  return [...new Set([...wanted.keys(), ...live.keys()])].flatMap((place) => {
    const [one, two] = [wanted.get(place), live.get(place)];
    if (isDeepStrictEqual(one, two)) return [];
    const name = (one ?? two)?.migration ?? "";
    if (two === undefined) return [{ name, what: `the journal lacks ${place}` }];
    if (one === undefined) return [{ name, what: `only there: ${place} in the journal` }];
    const states = one.state === two.state ? "with other values" : `as ${two.state} instead of ${one.state}`;
    return [{ name, what: `the journal has ${place} ${states}` }];
  });
}

function placeOf({ migration, step }: Entry): string {
  return step === 0 ? migration : `${migration}, step ${step}`;
}
