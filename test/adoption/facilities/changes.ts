import type { Change } from "./change.ts";
import { ourColumns } from "./our-columns.ts";
import { rowChanges } from "./rows.ts";
import { otherChanges } from "./stored.ts";
import { tableChanges } from "./tables.ts";
import { theirColumns } from "./their-columns.ts";

/** Everything that a facility may do here. */
export const changes: readonly Change[] = [
  ...tableChanges,
  ...theirColumns,
  ...ourColumns,
  ...otherChanges,
  ...rowChanges,
];
