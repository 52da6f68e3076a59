/**
 * The final form of a file: parents before their children, all of it in one transaction, and nothing restored if rows would
 * have no parent. It takes the place of the file that was written meanwhile, whose parts can be run while `down` still runs.
 */
import { open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { counted } from "../plural.ts";
import { comment } from "../script-forms.ts";
import { syncFolder } from "./folder.ts";
import { type Member, copyMember, verifyMember, writeMember } from "./gzip-member.ts";
import { type Origin, finalHead } from "./header.ts";
import { countBefore, stopAtOrphans } from "./orphans.ts";
import { missingColumns } from "./part.ts";
import type { SavedRows, Selection } from "./selection.ts";
import { beginPart, endPart } from "./session-settings.ts";

/** The data of one step, in the order of saving: children before their parents. */
export interface FinishedPart {
  readonly what: SavedRows;
  readonly selection: Selection;
  /** The statements of the rows alone. */
  readonly member: Member;
  readonly rows: number;
  /** What raises AUTO_INCREMENT, which ends a transaction. */
  readonly counter: string;
}

/** Throws what writing throws; then the file is as it was. */
export async function finish(path: string, origin: Origin, parts: readonly FinishedPart[]): Promise<void> {
  const rows = parts.filter(({ selection }) => selection.form === "INSERT").toReversed();
  const values = parts.filter(({ selection }) => selection.form === "UPDATE");
  const ordered = [...rows, ...values];
  const tables = [...new Set(ordered.map(({ selection }) => selection.table))];
  const next = `${path}.new`;
  try {
    await write(path, next, ordered, {
      begin: `${finalHead(path, origin)}${beginPart}${ordered.map(({ what }) => missingColumns(what)).join("")}START TRANSACTION;\n${countBefore(tables)}`,
      end: `${stopAtOrphans(tables)}${ordered.map(({ counter }) => counter).join("")}${endPart}${comment("end of the file")}\n`,
    });
    await rename(next, path);
  } catch (error) {
    await unlink(next).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

// --- internal ---

interface Frame {
  readonly begin: string;
  readonly end: string;
}

async function write(path: string, next: string, ordered: readonly FinishedPart[], { begin, end }: Frame) {
  await using source = await open(path, "r");
  await using file = await open(next, "wx", 0o600);
  const written: { member: Member; rows: number }[] = [];
  let at = 0;
  const add = (member: Member, rows: number) => {
    written.push({ member, rows });
    at = member.end;
  };
  add(await writeMember(file, at, [begin]), 0);
  for (const { what, member, rows } of ordered) {
    add(await writeMember(file, at, [`\n${comment(counted(rows, what.title))}\n`]), 0);
    add(await copyMember(source, file, at, member), rows);
  }
  add(await writeMember(file, at, [`\n${end}`]), 0);
  await file.sync();
  for (const { member, rows } of written) await verifyMember(next, member, rows);
}
