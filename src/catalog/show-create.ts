/**
 * Foreign keys and checks from SHOW CREATE TABLE. An account with SELECT sees them there on every server, but the
 * constraint views of information_schema are empty for it (measured, MariaDB 10.11). The server writes one element
 * on each line and escapes line ends inside strings.
 */
import { canonicalExpression } from "../dialect/normalize/expression.ts";
import type { Check, ForeignKey, ReferenceRule } from "../model.ts";
import { unquoteId } from "../sql.ts";

export interface Constraints {
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  /** Checks on columns, by column: MariaDB stores them separately. */
  readonly columnChecks: ReadonlyMap<string, string>;
  readonly partitioned: boolean;
  /** MariaDB: by the time of their history. */
  readonly historyPartitions: boolean;
  /** Lines that begin like a constraint but have an unknown form. */
  readonly unknown: readonly string[];
}

const name = "(`(?:[^`]|``)+`)";
const rule = "(RESTRICT|CASCADE|SET NULL|NO ACTION|SET DEFAULT)";
// Strict to the last quote: MariaDB 10.5 and 11.8 print a backtick in such a name once, not twice (measured). An
// ambiguous line must not be read at all.
const unnamed = "`(?:[^`]|``)+`";
const nameList = `(\\(${unnamed}(?:, ${unnamed})*\\))`;
const foreignKeyLine = new RegExp(
  `^CONSTRAINT ${name} FOREIGN KEY ${nameList} REFERENCES (?:${name}\\.)?${name} ${nameList}` +
    `(?: ON DELETE ${rule})?(?: ON UPDATE ${rule})?$`,
);
const checkLine = new RegExp(`^CONSTRAINT ${name} CHECK \\((.*)\\)(?: /\\*!\\d+ NOT ENFORCED \\*/)?$`);
const columnLine = new RegExp(`^${name} (.*)$`);

export function parseConstraints(showCreate: string): Constraints {
  const foreignKeys: ForeignKey[] = [];
  const checks: Check[] = [];
  const columnChecks = new Map<string, string>();
  const unknown: string[] = [];
  for (const raw of showCreate.split("\n").slice(1)) {
    const line = raw.trim().replace(/,$/, "");
    const key = foreignKeyLine.exec(line);
    if (key !== null) foreignKeys.push(foreignKey(key));
    const check = checkLine.exec(line);
    if (check !== null)
      checks.push({ name: unquoteId(check[1] ?? ""), expression: canonicalExpression(check[2] ?? "") });
    if (key === null && check === null && line.startsWith("CONSTRAINT")) unknown.push(line);
    const column = columnLine.exec(line);
    const expression = column === null ? undefined : columnCheck(column[2] ?? "");
    if (expression !== undefined) columnChecks.set(unquoteId(column?.[1] ?? ""), expression);
  }
  return {
    foreignKeys,
    checks,
    columnChecks,
    unknown,
    partitioned: /^(?:\/\*!\d+ )?\s*PARTITION BY /m.test(showCreate),
    historyPartitions: /^\s*PARTITION BY SYSTEM_TIME\b/m.test(showCreate),
  };
}

function foreignKey(match: RegExpExecArray): ForeignKey {
  const database = match[3];
  return {
    name: unquoteId(match[1] ?? ""),
    columns: names(match[2]),
    parent: {
      ...(database === undefined ? {} : { database: unquoteId(database) }),
      table: unquoteId(match[4] ?? ""),
      columns: names(match[5]),
    },
    onDelete: canonicalRule(match[6]),
    onUpdate: canonicalRule(match[7]),
    ...restrictIn(match[6], match[7]),
  };
}

/** The rule with NO ACTION as RESTRICT: InnoDB treats both alike, and servers differ in which one they print. */
function canonicalRule(printed: string | undefined): ReferenceRule {
  return printed === undefined || printed === "NO ACTION" ? "RESTRICT" : (printed as ReferenceRule);
}

function restrictIn(onDelete: string | undefined, onUpdate: string | undefined): Pick<ForeignKey, "restrict"> {
  const words = { ...spelled("onDelete", onDelete), ...spelled("onUpdate", onUpdate) };
  return Object.keys(words).length === 0 ? {} : { restrict: words };
}

function spelled(property: "onDelete" | "onUpdate", printed: string | undefined): ForeignKey["restrict"] {
  if (printed === undefined) return { [property]: "nothing" };
  return printed === "NO ACTION" ? { [property]: printed } : {};
}

function names(list: string | undefined): string[] {
  return [...(list ?? "").matchAll(new RegExp(name, "g"))].map((match) => unquoteId(match[1] ?? ""));
}

/** The expression of ` CHECK (…)` in a column's line, outside of strings. */
function columnCheck(definition: string): string | undefined {
  const outside = definition.replaceAll(/'(?:[^'\\]|''|\\.)*'/g, (string) => "_".repeat(string.length));
  const start = outside.indexOf(" CHECK (");
  if (start < 0) return undefined;
  return canonicalExpression(definition.slice(start + " CHECK ".length).replace(/ COMMENT '.*$/, ""));
}
