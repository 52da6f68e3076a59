/**
 * The form of a file: parents before their children, values after their rows, all of it in one transaction, and nothing
 * restored if rows would have no parent, or values no row.
 */
import { type FileHandle, open, unlink } from "node:fs/promises";
import { counted } from "../plural.ts";
import { comment } from "../script-forms.ts";
import { type Member, verifyMember, writeMember } from "./gzip-member.ts";
import { countBefore, stopAtOrphans } from "./orphans.ts";
import { missingColumns } from "./part.ts";
import type { SavedRows, Selection } from "./selection.ts";
import { beginPart, endPart } from "./session-settings.ts";
import { noneLost, valuesBegin, valuesEnd } from "./values.ts";

/** The data of one step. */
export interface Part {
  readonly what: SavedRows;
  readonly selection: Selection;
  readonly rows: number;
  /** What raises AUTO_INCREMENT, which ends a transaction. */
  readonly counter: string;
  /** Writes the statements of the rows alone; throws if they are not as many as were counted. */
  readonly write: (file: FileHandle, at: number) => Promise<Member>;
}

export interface Composed {
  /** Of the rows of each part, in the order of `parts`. */
  readonly members: readonly Member[];
  /** Where the note begins. */
  readonly end: number;
}

/**
 * Writes the file, flushes it and reads it again to verify it. `parts` are in the order of saving: children before their
 * parents. `note` is the last statement. Throws what writing throws; then there is no file. Never overwrites a file.
 */
export async function compose(path: string, head: string, parts: readonly Part[], note = ""): Promise<Composed> {
  const file = await open(path, "wx", 0o600);
  try {
    const written = await write(file, head, parts, note);
    await file.sync();
    for (const { member, rows } of written.all) await verifyMember(path, member, rows);
    const members = parts.map((part) => written.byPart.get(part)).filter((member) => member !== undefined);
    return { members, end: written.end };
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}

// --- internal ---

interface Written {
  readonly all: readonly { readonly member: Member; readonly rows: number }[];
  readonly byPart: ReadonlyMap<Part, Member>;
  readonly end: number;
}

async function write(file: FileHandle, head: string, parts: readonly Part[], note: string): Promise<Written> {
  const all: { member: Member; rows: number }[] = [];
  const byPart = new Map<Part, Member>();
  const end = () => all.at(-1)?.member.end ?? 0;
  const add = async (text: string) => all.push({ member: await writeMember(file, end(), [text]), rows: 0 });
  const rows = parts.filter(({ selection }) => selection.form === "INSERT").toReversed();
  const values = parts.filter(({ selection }) => selection.form === "UPDATE");
  const ordered = [...rows, ...values];
  const tables = [...new Set(ordered.map(({ selection }) => selection.table))];

  const columns = ordered.map(({ what }) => missingColumns(what)).join("");
  await add(`${head}${beginPart}${columns}START TRANSACTION;\n${countBefore(tables)}${noneLost}`);
  for (const part of ordered) {
    const isValues = part.selection.form === "UPDATE";
    await add(`\n${comment(counted(part.rows, part.what.title))}\n${isValues ? valuesBegin : ""}`);
    const member = await part.write(file, end());
    byPart.set(part, member);
    all.push({ member, rows: part.rows });
    if (isValues) await add(valuesEnd(part.what.title));
  }
  const counters = ordered.map(({ counter }) => counter).join("");
  await add(`\n${stopAtOrphans(tables)}${counters}${endPart}${comment("end of the file")}\n`);
  const complete = end();
  if (note !== "") await add(note);
  return { all, byPart, end: complete };
}
