/**
 * Typed values in MySQL's JSON. A date, a time, a decimal or bytes look like a string or a number in the text, and
 * would be restored as such. Such a document is saved as an expression that rebuilds it. MariaDB's JSON is text and
 * has no typed values.
 */
import type { Db } from "../db/db.ts";
import { id, text } from "../sql.ts";
import { computedTime, sameJson, utf8Literal } from "./literals.ts";

/** The expression for the JSON with this text in the row at `here`. Throws if no expression rebuilds it. */
export async function typedJson(db: Db, from: string, column: string, here: string, words: Buffer): Promise<string> {
  const row = `FROM ${id(from)} ${here}`;
  const paths = [...leaves(JSON.parse(words.toString()), "$")].map((path) => utf8Literal(Buffer.from(path)));
  const values: string[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    values.push(...(await typedValues(db, column, row, paths.slice(at, at + AT_ONCE))));
  }
  const whole = `JSON_SET(${[utf8Literal(words), ...values].join(", ")})`;
  const [rebuilt] = await db.rows<{ same: number }>(`SELECT ${sameJson(whole, column)} AS same ${row}`);
  if (Number(rebuilt?.same) === 1) return whole;
  throw new Error(`${from} has a JSON value that no SQL expression can rebuild: ${words.toString("utf8", 0, 200)}`);
}

// --- internal ---

/** Values of a document that one statement reads. */
const AT_ONCE = 100;

/** The expression for the text of a value, by its JSON_TYPE. */
const expressions: Readonly<Record<string, (printed: string) => string>> = {
  DECIMAL: (printed) => `CAST(${printed} AS DECIMAL(65, ${/\.(\d+)$/.exec(printed)?.[1]?.length ?? 0}))`,
  DATE: (printed) => `CAST(${text(printed)} AS DATE)`,
  TIME: (printed) => computedTime(printed) ?? `CAST(${text(printed)} AS TIME(6))`,
  DATETIME: (printed) => `CAST(${text(printed)} AS DATETIME(6))`,
  TIMESTAMP: (printed) => `CAST(${text(printed)} AS DATETIME(6))`,
  BLOB: (printed) => `x'${Buffer.from(printed.replace(/^base64:type\d+:/, ""), "base64").toString("hex")}'`,
};

/** Paths and expressions of the typed values, alternating. */
async function typedValues(db: Db, column: string, row: string, paths: readonly string[]): Promise<string[]> {
  const columns = paths.flatMap((path, at) => {
    const value = `JSON_EXTRACT(${column}, ${path})`;
    return [`JSON_TYPE(${value}) AS t${at}`, `CAST(JSON_UNQUOTE(${value}) AS CHAR) AS v${at}`];
  });
  const [answer = {}] = await db.rows<Record<string, string>>(`SELECT ${columns.join(", ")} ${row}`);
  return paths.flatMap((path, at) => {
    const expression = expressions[answer[`t${at}`] ?? ""]?.(answer[`v${at}`] ?? "");
    return expression === undefined ? [] : [path, expression];
  });
}

/** The paths of all values that are printed as a number or a string. */
function* leaves(value: unknown, path: string): Generator<string> {
  if (typeof value === "number" || typeof value === "string") yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield* leaves(member, Array.isArray(value) ? `${path}[${name}]` : `${path}.${JSON.stringify(name)}`);
  }
}
