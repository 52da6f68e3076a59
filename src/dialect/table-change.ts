/**
 * How a server changes a table, by what the table has. Measured on MariaDB 10.5, 10.11, 11.8 and MySQL 9.7, each
 * form with each change: test/steps/table-forms.test.ts proves that the server takes this way and none that is lighter.
 */
import type { Algorithm, Online } from "../model.ts";

/**
 * What an ALTER TABLE changes. "column": a column is renamed, a varchar lengthened, a value appended to an enum. "keys":
 * indexes and foreign keys are added or dropped.
 */
export type Change = "add column" | "drop column" | "column" | "to NULL" | "to NOT NULL" | "keys";

/** What decides about a change. */
export interface TableForm {
  readonly compressed: boolean;
  readonly fulltext: boolean;
  readonly spatial: boolean;
  /** A unique key on columns that are longer than a key may be: MariaDB keeps a hash of them in a hidden column. */
  readonly longUnique: boolean;
  readonly keyedVirtual: boolean;
  /** A virtual column comes after the one that is dropped. */
  readonly virtualBehind: boolean;
  readonly stored: boolean;
  /** A CHECK on a column of a type that MySQL keeps under another number: any change of any column copies the table. */
  readonly typedCheck: boolean;
  /** The server refuses an instant change of columns for a reason that the catalog does not show. */
  readonly hidden: boolean;
}

const lightestFirst: readonly Algorithm[] = ["INSTANT", "NOCOPY", "INPLACE", "COPY"];

/** The first of those that no other exceeds. */
export function heaviest(all: readonly [Online, ...Online[]]): Online {
  const weight = ({ algorithm, lock }: Online) => lightestFirst.indexOf(algorithm) * 2 + (lock === "SHARED" ? 1 : 0);
  return all.reduce((most, each) => (weight(each) > weight(most) ? each : most));
}

/** A rebuild while other sessions read and write. */
export const rebuild: Online = { algorithm: "INPLACE", lock: "NONE" };
export const rebuildShared: Online = { algorithm: "INPLACE", lock: "SHARED" };
const copy: Online = { algorithm: "COPY", lock: "SHARED" };

export function onlineOnMariadb(change: Change, base: Online, form: TableForm): Online {
  if (form.longUnique) return copy;
  const inPlace = form.fulltext || form.spatial || form.keyedVirtual ? rebuildShared : rebuild;
  switch (change) {
    case "column":
    case "keys":
      return base;
    case "to NULL":
      return inPlace;
    case "to NOT NULL":
      return form.stored || form.keyedVirtual ? copy : inPlace;
    case "add column":
      return isRebuilt(base, form) || form.keyedVirtual ? inPlace : base;
    case "drop column":
      if (!isRebuilt(base, form) && !form.keyedVirtual) return base;
      return form.virtualBehind ? copy : inPlace;
  }
}

export function onlineOnMysql(change: Change, base: Online, form: TableForm): Online {
  const inPlace = form.spatial ? rebuildShared : rebuild;
  switch (change) {
    case "column":
      return form.typedCheck ? copy : base;
    case "keys":
      return base;
    case "to NULL":
    case "to NOT NULL":
      return form.typedCheck || form.fulltext ? copy : inPlace;
    case "add column":
    case "drop column":
      if (form.fulltext) return copy;
      return isRebuilt(base, form) ? inPlace : base;
  }
}

// --- internal ---

function isRebuilt({ algorithm }: Online, { compressed, fulltext, hidden }: TableForm): boolean {
  return algorithm !== "INSTANT" || compressed || fulltext || hidden;
}
