/**
 * The saved rows of one `down`. What a step is about to delete is in a file of its own first; once it is deleted, it joins what
 * was deleted before. So whatever is left by a run that was killed is complete.
 */
import { access, open, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { readServer } from "../catalog/server.ts";
import { countRows } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { ServerError } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { listed, plural } from "../plural.ts";
import { type Part, compose } from "./compose.ts";
import { saveFailed, syncFolder } from "./folder.ts";
import { type Member, copyMember, writeMember } from "./gzip-member.ts";
import { type Origin, head, lastHead, lastOf, note } from "./header.ts";
import { raiseCounter } from "./part.ts";
import { type SavedRows, type Selection, select } from "./selection.ts";
import { reading } from "./session-settings.ts";
import { rowStatements } from "./statements.ts";

export { checkFolder, runAgain } from "./folder.ts";

export interface SaveFile {
  /** The path of the file, if any rows were saved and deleted. */
  readonly path: string;
  /** The files that there are. */
  readonly paths: readonly string[];
  /**
   * Writes these rows to a file, flushes it and reads it again to verify it. Writes nothing if there are no rows. The caller
   * ensures that no other session writes to them meanwhile, and says afterwards what became of them. Throws SAVE_FAILED or the
   * server's error; then the files are as they were before.
   */
  save(db: Db, what: SavedRows): Promise<{ readonly rows: number }>;
  /** What was saved since is deleted in the database. Throws SAVE_FAILED; then it stays in its own file. */
  deleted(): Promise<void>;
  /** What was saved since is still in the database, and in no file any more. */
  kept(): Promise<void>;
  /** Nothing is saved afterwards: the file no longer says that there may be more. */
  finish(): Promise<void>;
}

/** A new file in this folder, named after the database and the server's time. */
export async function openSaveFile(folder: string, db: Db): Promise<SaveFile> {
  const [now] = await db.rows<{ utc: string }>("SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%dT%H:%i:%sZ') AS utc");
  return new SaveFiles(folder, { database: db.database, server: await readServer(db), when: now?.utc ?? "" });
}

/** A part that is in a file already. */
interface SavedPart extends Part {
  readonly member: Member;
}

class SaveFiles implements SaveFile {
  readonly #folder: string;
  readonly #origin: Origin;
  #path: string;
  /** What was deleted, in the order of saving, and where the file's note begins. */
  #parts: readonly SavedPart[] = [];
  #end = 0;
  /** What was saved last, and may be deleted now, in a file of its own. */
  #last: readonly SavedPart[] = [];

  constructor(folder: string, origin: Origin) {
    this.#folder = folder;
    this.#origin = origin;
    this.#path = this.#named(1);
  }

  get path(): string {
    return this.#path;
  }

  get paths(): readonly string[] {
    return [
      ...(this.#parts.length === 0 ? [] : [this.#path]),
      ...(this.#last.length === 0 ? [] : [lastOf(this.#path)]),
    ];
  }

  async save(db: Db, what: SavedRows): Promise<{ rows: number }> {
    const selection = select(what);
    const rows = await countRows(db, selection.from, selection.where);
    if (rows === 0) return { rows };
    try {
      this.#last = await reading(db, () => this.#saveLast(db, what, selection, rows));
    } catch (error) {
      if (error instanceof ServerError || error instanceof MigrateError) throw error;
      const [place, before] =
        this.#parts.length === 0
          ? [this.#folder, "no file was left"]
          : [this.#path, "data saved before is still in the file"];
      throw saveFailed(place, what.title, error, `none of this data was deleted; ${before}`);
    }
    return { rows };
  }

  async deleted(): Promise<void> {
    const last = this.#last;
    if (last.length === 0) return;
    const next = `${this.#path}.new`;
    try {
      const parts = [
        ...this.#parts.map((part) => copied(part, this.#path)),
        ...last.map((part) => copied(part, lastOf(this.#path))),
      ];
      const { end, members } = await compose(next, head(this.#path, this.#origin), parts, note(this.#path));
      await rename(next, this.#path);
      await syncFolder(this.#folder);
      this.#parts = [...this.#parts, ...last].map((part, at) => ({ ...part, member: members[at] ?? part.member }));
      this.#end = end;
      await this.#removeLast();
    } catch (error) {
      const done = "it was deleted, and it is in this file, which could not be joined to what was deleted before";
      throw saveFailed(lastOf(this.#path), listed(last.map(({ what }) => what.title)), error, done);
    }
  }

  async kept(): Promise<void> {
    if (this.#last.length > 0) await this.#removeLast();
  }

  async finish(): Promise<void> {
    if (this.#parts.length === 0 || this.#last.length > 0) return;
    const file = await open(this.#path, "r+");
    try {
      await file.truncate(this.#end);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #saveLast(db: Db, what: SavedRows, selection: Selection, rows: number): Promise<SavedPart[]> {
    const counter = await raiseCounter(db, selection);
    const write: Part["write"] = async (file, at) => {
      let read = 0;
      async function* text() {
        read = yield* rowStatements(db, selection);
      }
      const member = await writeMember(file, at, text());
      if (read !== rows)
        throw new Error(`${plural(rows, "row")} counted, but ${read} read: another session writes to the table`);
      return member;
    };
    const part: Part = { what, selection, rows, counter, write };
    const parts = [...this.#last.map((earlier) => copied(earlier, lastOf(this.#path))), part];
    const { members } = await (this.#last.length === 0 ? this.#composeLast(part) : this.#composeMore(parts));
    await syncFolder(this.#folder);
    return [...this.#last, part].map((each, at) => {
      const member = members[at];
      if (member === undefined) throw new Error(`${what.title} are in no file`);
      return { ...each, member };
    });
  }

  /** The first file of a `down` takes a name that no other file has. */
  async #composeLast(part: Part) {
    for (let attempt = 1; ; attempt++) {
      if (this.#parts.length === 0) this.#path = this.#named(attempt);
      const last = lastOf(this.#path);
      if (this.#parts.length === 0 && (await exists(this.#path))) continue;
      try {
        return await compose(last, lastHead(this.#path, this.#origin), [part]);
      } catch (error) {
        if (this.#parts.length > 0 || (error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  }

  /** What was saved just before, and is not deleted either, stays in the same file. */
  async #composeMore(parts: readonly Part[]) {
    const last = lastOf(this.#path);
    const composed = await compose(`${last}.new`, lastHead(this.#path, this.#origin), parts);
    await rename(`${last}.new`, last);
    return composed;
  }

  async #removeLast(): Promise<void> {
    await unlink(lastOf(this.#path));
    this.#last = [];
  }

  #named(attempt: number): string {
    const { database, when } = this.#origin;
    const name = `${database.replaceAll(/[^\w-]/g, "_")}_${when.replaceAll(":", "")}`;
    return join(this.#folder, `${name}${attempt === 1 ? "" : `_${attempt}`}.sql.gz`);
  }
}

/** The part as it is in that file. */
function copied(part: SavedPart, path: string): Part {
  return {
    ...part,
    async write(file, at) {
      await using source = await open(path, "r");
      return await copyMember(source, file, at, part.member);
    },
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
