import { sameName, sameNames } from "../model.ts";
import type { Step } from "./step.ts";

/** The names that later steps of ours give to the foreign key on these columns. */
export function laterNames(later: readonly Step[], table: string, columns: readonly string[]): string[] {
  return later.flatMap((step) => {
    if (step.kind !== "addForeignKey" && step.kind !== "changeDeleteRule") return [];
    const { name, columns: own } = step.foreignKey;
    return sameName(step.table, table) && sameNames(own, columns) ? [name] : [];
  });
}
