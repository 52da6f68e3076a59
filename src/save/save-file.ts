/**
 * The save file of one `down`: data is saved before a step deletes it. Every part is compressed separately, so that
 * complete parts can be read even if the run is stopped.
 */
import { type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { readServer } from "../catalog/server.ts";
import { countRows } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { ServerError } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { plural } from "../plural.ts";
import { saveFailed, syncFolder } from "./folder.ts";
import { type Member, copyMember, verifyMember, writeMember } from "./gzip-member.ts";
import { type FinishedPart, finish } from "./finish.ts";
import { type Origin, head } from "./header.ts";
import { closing, opening, raiseCounter } from "./part.ts";
import { type SavedRows, type Selection, select } from "./selection.ts";
import { reading } from "./session-settings.ts";
import { rowStatements } from "./statements.ts";

export { checkFolder } from "./folder.ts";

export interface SaveFile {
  /** The path of the file, if any rows were saved. */
  readonly path: string;
  /** No rows were saved: there is no file. */
  readonly isEmpty: boolean;
  /**
   * Appends these rows, flushes them to the disk and reads them again to verify them. Writes nothing if there are no
   * rows. The caller ensures that no other session writes to them meanwhile. Throws SAVE_FAILED or the server's
   * error; then the file is as it was before.
   */
  save(db: Db, what: SavedRows): Promise<{ readonly rows: number }>;
  /** Gives the file its final form: see finish.ts. If that fails, the file stays as it is. Nothing is saved afterwards. */
  finish(): Promise<void>;
}

/** A new file in this folder, named after the database and the server's time. */
export async function openSaveFile(folder: string, db: Db): Promise<SaveFile> {
  const [now] = await db.rows<{ utc: string }>("SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%dT%H:%i:%sZ') AS utc");
  return new AppendedFile(folder, { database: db.database, server: await readServer(db), when: now?.utc ?? "" });
}

interface Written {
  readonly member: Member;
  readonly rows: number;
}

interface SavedPart extends FinishedPart {
  /** What is before the rows, the rows, and what is after them. */
  readonly members: readonly Written[];
  /** True if it is there a second time, after the rows that it needs. */
  readonly again?: true;
}

class AppendedFile implements SaveFile {
  readonly #folder: string;
  readonly #origin: Origin;
  readonly #parts: SavedPart[] = [];
  #path: string;

  constructor(folder: string, origin: Origin) {
    this.#folder = folder;
    this.#origin = origin;
    this.#path = this.#named(1);
  }

  get path(): string {
    return this.#path;
  }

  get isEmpty(): boolean {
    return this.#end === 0;
  }

  async save(db: Db, what: SavedRows): Promise<{ rows: number }> {
    const selection = select(what);
    const rows = await countRows(db, selection.from, selection.where);
    if (rows === 0) return { rows };
    try {
      const file = await this.#open();
      try {
        this.#parts.push(...(await reading(db, () => this.#append(file, db, what, selection, rows))));
      } catch (error) {
        // If this fails, too, an incomplete part remains, which restores nothing.
        await this.#removeUnfinished(file).catch(() => {});
        throw error;
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof ServerError || error instanceof MigrateError) throw error;
      // An unfinished first part is removed, and its file with it.
      const [place, saved] = this.isEmpty
        ? [this.#folder, "no file was left"]
        : [this.#path, "data saved before is still in the file"];
      throw saveFailed(place, what.title, error, `none of this data was deleted; ${saved}`);
    }
    return { rows };
  }

  async finish(): Promise<void> {
    if (this.isEmpty) return;
    await finish(
      this.#path,
      this.#origin,
      this.#parts.filter(({ again }) => again !== true),
    );
  }

  get #end(): number {
    return this.#parts.at(-1)?.members.at(-1)?.member.end ?? 0;
  }

  async #append(file: FileHandle, db: Db, what: SavedRows, selection: Selection, rows: number): Promise<SavedPart[]> {
    const written: Written[] = [];
    const add = async (pieces: Iterable<string> | AsyncIterable<string>, count = 0) => {
      const member = await writeMember(file, written.at(-1)?.member.end ?? this.#end, pieces);
      written.push({ member, rows: count });
      return member;
    };
    const isNew = this.#end === 0;
    if (isNew) await add([head(this.#path, this.#origin)]);
    const start = written.length;
    await add([opening(what)]);
    let read = 0;
    async function* text() {
      read = yield* rowStatements(db, selection);
    }
    const member = await add(text(), rows);
    if (read !== rows)
      throw new Error(`${plural(rows, "row")} counted, but ${read} read: another session writes to the table`);
    const counter = await raiseCounter(db, selection);
    await add([closing(what, rows, counter)]);
    const part: SavedPart = { what, selection, member, rows, counter, members: written.slice(start) };
    const parts = [part];
    for (const before of this.#valuesOf(selection)) {
      const members: Written[] = [];
      for (const { member: each, rows: count } of before.members) {
        const copy = await copyMember(file, file, written.at(-1)?.member.end ?? 0, each);
        written.push({ member: copy, rows: count });
        members.push({ member: copy, rows: count });
      }
      parts.push({ ...before, members, again: true });
    }
    await file.sync();
    if (isNew) await syncFolder(this.#folder);
    for (const each of written) await verifyMember(this.#path, each.member, each.rows);
    return parts;
  }

  /** Column values that were saved before their rows. They are copied after the rows, because rows must exist first. */
  #valuesOf({ form, table }: Selection): readonly SavedPart[] {
    if (form === "UPDATE") return [];
    return this.#parts.filter(({ selection }) => selection.form === "UPDATE" && selection.table === table);
  }

  /** Opens the file, readable only by this account; never opens an existing file. */
  async #open(): Promise<FileHandle> {
    if (this.#end > 0) return open(this.#path, "r+");
    for (let attempt = 1; ; attempt++) {
      this.#path = this.#named(attempt);
      try {
        return await open(this.#path, "wx+", 0o600);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  }

  #named(attempt: number): string {
    const { database, when } = this.#origin;
    const name = `${database.replaceAll(/[^\w-]/g, "_")}_${when.replaceAll(":", "")}`;
    return join(this.#folder, `${name}${attempt === 1 ? "" : `_${attempt}`}.sql.gz`);
  }

  async #removeUnfinished(file: FileHandle): Promise<void> {
    if (this.#end === 0) await unlink(this.#path);
    else await file.truncate(this.#end);
  }
}
