import { text } from "../../sql.ts";

const numeric = /^(?:tinyint|smallint|mediumint|int|bigint|decimal|float|double|year)\b/;

/** Values of information_schema.COLUMNS for one column. */
export interface DefaultContext {
  readonly type: string;
  readonly nullable: boolean;
  /** COLUMN_DEFAULT. */
  readonly stored: string | null;
  /** EXTRA. */
  readonly extra: string;
}

/** The default on MariaDB: COLUMN_DEFAULT is SQL text; only functions and numbers vary in spelling. */
export function defaultFromSqlText(facts: DefaultContext): string | undefined {
  if (facts.stored === null) return undefined;
  const quotedNumber = /^'(-?\d+(?:\.\d+)?)'$/.exec(facts.stored);
  if (quotedNumber?.[1] !== undefined && numeric.test(facts.type)) return quotedNumber[1];
  return canonicalFunction(facts.stored);
}

/** The default on MySQL: COLUMN_DEFAULT is the bare value, or an expression if EXTRA says DEFAULT_GENERATED. */
export function defaultFromValue(facts: DefaultContext): string | undefined {
  if (facts.stored === null) return facts.nullable ? "NULL" : undefined;
  if (/default_generated/i.test(facts.extra)) return canonicalFunction(facts.stored);
  if (numeric.test(facts.type) || /^b'[01]*'$/.test(facts.stored)) return facts.stored;
  return text(facts.stored);
}

/** `CURRENT_TIMESTAMP`, `current_timestamp()`, `now(6)` → `current_timestamp()`, `current_timestamp(6)`. */
function canonicalFunction(sql: string): string {
  const call = /^(?:current_timestamp|now|localtime|localtimestamp)(?:\((\d*)\))?$/i.exec(sql.trim());
  return call === null ? sql.trim() : `current_timestamp(${call[1] ?? ""})`;
}

/** The ON UPDATE function in EXTRA. */
export function onUpdateFromExtra(extra: string): string | undefined {
  const match = /on update (\S+)/i.exec(extra);
  return match?.[1] === undefined ? undefined : canonicalFunction(match[1]);
}
