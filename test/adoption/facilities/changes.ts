import { type Change, harmless } from "./change.ts";
import { otherKeys } from "./other-keys.ts";
import { ourColumns } from "./our-columns.ts";
import { rowChanges } from "./rows.ts";
import { otherChanges } from "./stored.ts";
import { tableChanges } from "./tables.ts";
import { theirColumns } from "./their-columns.ts";

const keyChanges = ["bigint unsigned", "int"].map((type) => harmless(`keys of type ${type}`, otherKeys(type)));

/** Everything that a facility may do here. */
export const changes: readonly Change[] = [
  ...tableChanges,
  ...theirColumns,
  ...ourColumns,
  ...otherChanges,
  ...rowChanges,
  ...keyChanges,
];
