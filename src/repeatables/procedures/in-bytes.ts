/** A procedure that was made by a session in another character set than UTF-8. */
import type { Db } from "../../db/db.ts";
import { id } from "../../sql.ts";
import { type PrintedParts, joined, partsOf } from "./printed.ts";
import { restoredParts } from "./restored.ts";

interface Printed {
  readonly name: string;
  /** As the server prints it for a session in UTF-8: there the definer and the comment are converted twice. */
  readonly sql: string;
  readonly sqlMode: string;
  readonly charset: string;
}

/** True if the bytes of a statement in UTF-8 are right for this character_set_client, too. */
export function isUtf8(charset: string): boolean {
  return /^utf8(?:mb[34])?$/.test(charset);
}

/**
 * The text for people, and the bytes that make the procedure again, in hexadecimal. No bytes where those of UTF-8 are
 * right, and where the definer or the comment has a character that its character set lacks.
 */
export async function inBytes(db: Db, printed: Printed): Promise<{ sql: string; bytes?: string }> {
  const { name, sql, sqlMode, charset } = printed;
  // A character that the server cannot convert is a question mark.
  if (isUtf8(charset) || /^(?!.*\?)\p{ASCII}*$/su.test(sql)) return { sql };
  const [row] = await db.rowsInBytes<{ "Create Procedure": Buffer }>(`SHOW CREATE PROCEDURE ${id(name)}`);
  if (row === undefined) return { sql };
  const parts = partsOf(row["Create Procedure"].toString("latin1"), { sqlMode, charset });
  const head = fromUtf8(parts.head);
  const characteristics = fromUtf8(parts.characteristics);
  const forPeople = joined({ ...partsOf(sql, { sqlMode }), head, characteristics });
  const written = restoredParts({ ...parts, head, characteristics }, sqlMode);
  const encoded = await encode(db, charset, written);
  if (encoded === undefined) return { sql: forPeople };
  return { sql: forPeople, bytes: Buffer.from(joined({ ...parts, ...encoded }), "latin1").toString("hex") };
}

// --- internal ---

/** The parts that the server prints in UTF-8, in the bytes of this character set; undefined if that lacks a character. */
async function encode(db: Db, charset: string, { head, characteristics }: PrintedParts) {
  const encoded = charset === "binary" ? "?" : `CONVERT(? USING ${charset})`;
  const [row] = await db.rowsInBytes<{ head: Buffer; rest: Buffer; back: Buffer }>(
    `SELECT ${encoded} AS head, ${encoded} AS rest, CONVERT(${encoded} USING utf8mb4) AS back`,
    [head, characteristics, head + characteristics],
  );
  if (row?.back.toString() !== head + characteristics) return undefined;
  return { head: row.head.toString("latin1"), characteristics: row.rest.toString("latin1") };
}

function fromUtf8(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
