import type { Change } from "./change.ts";
import { columnChanges } from "./columns.ts";
import { rowChanges } from "./rows.ts";
import { otherChanges } from "./stored.ts";
import { tableChanges } from "./tables.ts";

/** Everything that a facility may do here. */
export const changes: readonly Change[] = [...tableChanges, ...columnChanges, ...otherChanges, ...rowChanges];
