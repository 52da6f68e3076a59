/**
 * Other forms of a column that clients, models and procedures live with: they are adopted, shown as notices, and left
 * alone. migrations/README.md has the reasons.
 */
import type { Difference } from "../catalog/difference.ts";
import { varcharLength } from "../dialect/column-type.ts";
import { isWiderType } from "../dialect/wider-type.ts";
import { sameName } from "../model.ts";
import type { ColumnSpec, Step } from "./step.ts";

export interface KnownColumn {
  readonly spec: ColumnSpec;
  /** In a key of ours: the server needs a length for it. */
  readonly isKeyed: boolean;
  /** In a foreign key of ours: the server needs the type of the parent's column. */
  readonly refers: boolean;
}

/** The columns, with what the steps on this table make of them. */
export function knownColumns(table: string, specs: readonly ColumnSpec[], steps: readonly Step[]): KnownColumn[] {
  const keyed = steps.flatMap((step) => (sameName(tableOf(step), table) ? indexedBy(step) : []));
  const referring = steps.flatMap((step) => (sameName(tableOf(step), table) ? referringIn(step) : []));
  const isIn = (names: readonly string[], { name }: ColumnSpec) => names.some((each) => sameName(each, name));
  return specs.map((spec) => ({ spec, isKeyed: isIn(keyed, spec), refers: isIn(referring, spec) }));
}

/** Whether this property of a column may stay as it was found. */
export function isAcceptedColumn(
  { aspect, expected = "", found: actual = "" }: Difference,
  column: KnownColumn | undefined,
): boolean {
  const accepts = column?.spec.accepts;
  switch (aspect) {
    case "type":
      return accepts?.types?.includes(actual) === true || isAcceptedType(expected, actual, column);
    case "nullable":
      return actual === "true" ? isLooser(column) : isStricter(column);
    case "default":
      return isAcceptedDefault(expected, actual, column);
    default:
      return false;
  }
}

function isAcceptedType(expected: string, actual: string, column: KnownColumn | undefined): boolean {
  if (column?.refers === true) return false;
  // A key on a text needs a prefix, which ours has not.
  if (column?.isKeyed === true && actual.endsWith("text")) return false;
  return isWiderType(expected, actual) || isLengthenedLater(actual, column);
}

/** True where the spec accepts a shorter varchar, because a later migration lengthens it: from any length. */
function isLengthenedLater(actual: string, column: KnownColumn | undefined): boolean {
  const isVarchar = (type: string) => !Number.isNaN(varcharLength(type));
  return isVarchar(actual) && column?.spec.accepts?.types?.some(isVarchar) === true;
}

/** NULL that only a client gets who writes it: who leaves the column out gets the default, as wanted. */
function isLooser(column: KnownColumn | undefined): boolean {
  return column?.spec.accepts?.nullable === true || hasDefault(column);
}

/** NOT NULL where the column has a default that is no NULL: no client writes NULL into such a column. */
function isStricter(column: KnownColumn | undefined): boolean {
  return hasDefault(column) && column?.spec.nullable === true;
}

function hasDefault(column: KnownColumn | undefined): boolean {
  return column?.spec.default !== undefined && column.spec.default !== "NULL";
}

const currentTime = /^current_timestamp\(\d?\)$/;

/** Any default where none is wanted. In a foreign key it would be a row that does not exist. */
function isAcceptedDefault(expected: string, actual: string, column: KnownColumn | undefined): boolean {
  // A nullable column without a default has NULL as its default.
  if (actual === "NULL") return column?.spec.accepts?.nullable === true;
  if (currentTime.test(expected)) return currentTime.test(actual);
  return (expected === "NULL" || expected === "none") && actual !== "none" && column?.refers !== true;
}

function indexedBy(step: Step): string[] {
  const indexes = step.kind === "createTable" ? step.indexes : step.kind === "addIndex" ? [step.index] : [];
  return indexes.flatMap(({ parts }) => parts.map((part) => part.column));
}

function referringIn(step: Step): string[] {
  if (step.kind === "createTable") return step.foreignKeys.flatMap(({ columns }) => columns);
  return step.kind === "addForeignKey" || step.kind === "changeDeleteRule" ? [...step.foreignKey.columns] : [];
}

function tableOf(step: Step): string {
  return step.kind === "leaveBehind" ? step.column.table : (step.table ?? "");
}
