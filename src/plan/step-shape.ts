/**
 * Whether steps have the parts that their kinds need. The compiler tells the author of a .ts file of ours; a facility's .js is told
 * here, before anything is planned.
 */
import { canonicalType } from "../dialect/normalize/type.ts";
import type { Step } from "../steps/step.ts";

/** What is wrong with a value, in a few words; undefined if nothing is. */
type Check = (value: unknown) => string | undefined;

/** The first fault of these steps with its place: "step 2, column.type: not a text"; undefined if there is none. */
export function faultIn(steps: readonly { readonly kind: Step["kind"] }[]): string | undefined {
  for (const [at, step] of steps.entries()) {
    const fault = shapes[step.kind](step);
    if (fault !== undefined) return `step ${at + 1} (${step.kind}), ${fault}`;
  }
  return undefined;
}

// --- internal ---

const text: Check = (value) => (typeof value === "string" && value !== "" ? undefined : "not a text");
const yesOrNo: Check = (value) => (typeof value === "boolean" ? undefined : "neither true nor false");

/** The server would show another spelling than the one that is wanted. */
const type: Check = (value) => {
  if (typeof value !== "string" || value === "") return "not a text";
  const wanted = canonicalType(value);
  return wanted === value ? undefined : `write ${value} as ${wanted}`;
};

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && values.includes(value) ? undefined : `not one of ${values.join(", ")}`;

const list =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return "not a list";
    const faults = value.map((each, at) => ({ at, fault: check(each) }));
    const first = faults.find(({ fault }) => fault !== undefined);
    return first === undefined ? undefined : `${first.at + 1}: ${first.fault}`;
  };

const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (typeof value !== "object" || value === null) return "not an object";
    const given: Readonly<Record<string, unknown>> = { ...value };
    for (const [name, check] of Object.entries(fields)) {
      const fault = check(given[name]);
      if (fault !== undefined) return /^[\w ]+: /.test(fault) ? `${name}.${fault}` : `${name}: ${fault}`;
    }
    return undefined;
  };

const anything: Check = () => undefined;

const column = object({
  name: text,
  type,
  nullable: yesOrNo,
  default: optional(text),
  comment: optional((value) => (typeof value === "string" ? undefined : "not a text")),
});

const index = object({
  name: text,
  kind: oneOf("primary", "unique", "plain", "fulltext", "spatial"),
  parts: list(object({ column: text })),
});

const foreignKey = object({
  name: text,
  columns: list(text),
  parent: object({ table: text, columns: list(text) }),
  onDelete: (value) => (typeof value === "string" || typeof value === "object" ? undefined : "not a delete rule"),
});

const shapes: Readonly<Record<Step["kind"], Check>> = {
  createTable: object({ table: text, columns: list(column), indexes: list(index), foreignKeys: list(foreignKey) }),
  addColumn: object({ table: text, column }),
  changeColumn: object({ table: text, column }),
  addEnumValue: object({ table: text, column: text, value: text }),
  addIndex: object({ table: text, index }),
  addForeignKey: object({ table: text, foreignKey }),
  changeDeleteRule: object({ table: text, foreignKey }),
  fillNulls: object({ table: text, column: text, value: object({ literal: text }) }),
  insertRows: object({ table: text, key: text, rows: list(object({})) }),
  leaveBehind: object({ tables: list(text), column: object({ table: text, name: text }) }),
  runSql: object({ title: text, table: text, sql: text, present: text, undo: anything }),
  sqlStatement: object({ sql: text }),
};
