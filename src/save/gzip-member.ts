/** A gzip member: one compressed part. Consecutive members are one file for zcat. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { plural } from "../plural.ts";
import { isRowLine } from "./statements.ts";

/** Bytes that are decompressed at once: more than most lines. */
const CHUNK = 1024 * 1024;

export interface Member {
  readonly start: number;
  readonly end: number;
  /** SHA-256 of the text. */
  readonly digest: string;
}

/** Writes the pieces as one member that begins at `start`. */
export async function writeMember(
  file: FileHandle,
  start: number,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<Member> {
  const hash = createHash("sha256");
  let end = start;
  await pipeline(
    // One piece at a time: pieces are large, and the compressor is the slowest stage.
    Readable.from(pieces, { highWaterMark: 1 }),
    async function* digested(text: AsyncIterable<string>) {
      for await (const piece of text) {
        hash.update(piece);
        yield piece;
      }
    },
    createGzip(),
    async (compressed: AsyncIterable<Buffer>) => {
      for await (const chunk of compressed) end = await writeAt(file, end, chunk);
    },
  );
  return { start, end, digest: hash.digest("hex") };
}

/** Copies the member to `start` of a file, which may be the same. */
export async function copyMember(from: FileHandle, to: FileHandle, start: number, member: Member): Promise<Member> {
  const source = from.createReadStream({ start: member.start, end: member.end - 1, autoClose: false });
  let end = start;
  for await (const chunk of source) end = await writeAt(to, end, chunk as Buffer);
  return { ...member, start, end };
}

/** Writes the whole chunk: a nearly full disk writes a part of it before it refuses the rest. */
async function writeAt(file: FileHandle, position: number, chunk: Buffer): Promise<number> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
  return position + chunk.length;
}

/** Reads the member from the file as a restore would. Throws if it is not what was written. */
export async function verifyMember(path: string, { start, end, digest }: Member, rows: number): Promise<void> {
  const hash = createHash("sha256");
  let count = 0;
  let rest = "";
  await pipeline(
    createReadStream(path, { start, end: end - 1 }),
    createGunzip({ chunkSize: CHUNK }),
    async (text: AsyncIterable<Buffer>) => {
      for await (const chunk of text) {
        hash.update(chunk);
        const lines = (rest + chunk.toString("latin1")).split("\n");
        rest = lines.pop() ?? "";
        count += lines.filter(isRowLine).length;
      }
    },
  );
  if (hash.digest("hex") !== digest) throw new Error("the file's content differs from what was written");
  if (count !== rows) throw new Error(`the file contains ${count} of ${plural(rows, "row")}`);
}
