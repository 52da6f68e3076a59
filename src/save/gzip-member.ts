/** A gzip member: the compressed form of one part. Members one after another are one file to zcat. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { isRowLine } from "./statements.ts";

/** Bytes that are decompressed at once: longer than most lines. */
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
    // One piece at a time: they are large, and the compressor is the slowest.
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

/** The same member once more, from `start` on. */
export async function copyMember(file: FileHandle, start: number, member: Member): Promise<Member> {
  const source = file.createReadStream({ start: member.start, end: member.end - 1, autoClose: false });
  let end = start;
  for await (const chunk of source) end = await writeAt(file, end, chunk as Buffer);
  return { ...member, start, end };
}

/** A disk that is nearly full takes a part of what it is given, and refuses only the rest. */
async function writeAt(file: FileHandle, position: number, chunk: Buffer): Promise<number> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
  return position + chunk.length;
}

/** Reads the member as whoever restores it will, from the file of this name. Throws where it is not what was written. */
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
  if (hash.digest("hex") !== digest) throw new Error("what the file holds is not what was written to it");
  if (count !== rows) throw new Error(`the file holds ${count} of ${rows} rows`);
}
