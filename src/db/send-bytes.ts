import type { Connection, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import type { LexicalModes } from "./db.ts";

/** The character set by which the driver writes one byte for each character of a statement. */
const LATIN1_SWEDISH_CI = 8;
/** Bits of the status in each answer. */
const NO_BACKSLASH_ESCAPES = 1 << 9;
const ANSI_QUOTES = 1 << 15;

type Answer = ResultSetHeader | RowDataPacket[] | (ResultSetHeader | RowDataPacket[])[];

const modesOf = new WeakMap<Connection, LexicalModes>();

/**
 * Sends the bytes of a statement, given as one character each. What the session calls their character set is not changed
 * by it: a script says that by its own SET NAMES.
 */
export async function sendBytes(raw: Connection, statement: string): Promise<readonly [LexicalModes]> {
  const [answer] = await queryBytes<Answer & RowDataPacket[]>(raw, statement);
  return [modes(raw, answer)];
}

/** Sends the bytes of a statement, given as one character each, and returns the driver's answer. */
export async function queryBytes<T extends RowDataPacket[] | ResultSetHeader>(raw: Connection, statement: string) {
  // The driver reads this number when it writes a statement, and nothing else is written meanwhile.
  const config = raw.config as { charsetNumber?: number };
  const before = config.charsetNumber;
  config.charsetNumber = LATIN1_SWEDISH_CI;
  try {
    return await raw.query<T>(statement);
  } finally {
    if (before !== undefined) config.charsetNumber = before;
  }
}

/** Rows come without a status, but what answers with rows changes no mode. */
function modes(raw: Connection, answer: Answer): LexicalModes {
  const last = Array.isArray(answer) ? answer.at(-1) : answer;
  const status = (last as { serverStatus?: number } | undefined)?.serverStatus;
  if (status !== undefined) {
    const ansiQuotes = (status & ANSI_QUOTES) !== 0;
    modesOf.set(raw, { backslashEscapes: (status & NO_BACKSLASH_ESCAPES) === 0, ansiQuotes });
  }
  return modesOf.get(raw) ?? { backslashEscapes: true, ansiQuotes: false };
}
