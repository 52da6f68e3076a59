import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { type Readable, type Transform, pipeline } from "node:stream";
import * as zlib from "node:zlib";
import { MigrateError, messageOf } from "../errors.ts";
import type { ScriptFile } from "./base.ts";

/** A form that is told by its first bytes: how it is unpacked, or what its user does instead. */
interface Form {
  readonly name: string;
  readonly magic: readonly number[];
  readonly unpack?: () => Transform;
  readonly remedy: string;
}

const CHUNK = 256 * 1024;
const toUtf8 = "convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW_FILE";

const forms: readonly Form[] = [
  { name: "gzip", magic: [0x1f, 0x8b], unpack: () => zlib.createGunzip({ chunkSize: CHUNK }), remedy: "" },
  { name: "zstd", magic: [0x28, 0xb5, 0x2f, 0xfd], ...zstd() },
  { name: "xz", magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], remedy: "unpack it: xz -dk FILE" },
  { name: "bzip2", magic: [0x42, 0x5a, 0x68], remedy: "unpack it: bunzip2 -k FILE" },
  { name: "zip", magic: [0x50, 0x4b, 0x03, 0x04], remedy: "unpack it: unzip FILE" },
  { name: "UTF-16", magic: [0xff, 0xfe], remedy: toUtf8 },
  { name: "UTF-16", magic: [0xfe, 0xff], remedy: toUtf8 },
];

/**
 * The bytes of a script in chunks, one character each (latin1): no chunk cuts a character, and the server receives what
 * the file holds. A packed file is known by its first bytes, whatever its name. Throws BASE_INVALID.
 */
export async function* openScript(file: ScriptFile): AsyncGenerator<string> {
  let lines = 1;
  try {
    for await (const chunk of await bytesOf(file)) {
      if (lines === 1) refuseForm(file, chunk);
      const zero = chunk.indexOf(0);
      lines += count(zero < 0 ? chunk : chunk.subarray(0, zero), LINE_BREAK);
      if (zero >= 0)
        throw refused(file, lines, "a zero byte, which the stock client refuses, too", `if it is UTF-16, ${toUtf8}`);
      yield chunk.toString("latin1");
    }
  } catch (error) {
    if (error instanceof MigrateError) throw error;
    throw refused(file, undefined, messageOf(error), "give a complete file that this account can read");
  }
}

// --- internal ---

const LINE_BREAK = 10;

async function bytesOf(file: ScriptFile): Promise<AsyncIterable<Buffer>> {
  const form = formOf(await firstBytes(file.path));
  const stream: Readable = createReadStream(file.path, { highWaterMark: CHUNK });
  // The last stream ends with the first error of any.
  return form?.unpack === undefined ? stream : pipeline(stream, form.unpack(), () => {});
}

async function firstBytes(path: string): Promise<Buffer> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(8), position: 0 });
  return buffer.subarray(0, bytesRead);
}

function formOf(bytes: Buffer): Form | undefined {
  return forms.find(({ magic }) => magic.every((byte, at) => bytes[at] === byte));
}

/** Refuses what is still packed, or was no text. */
function refuseForm(file: ScriptFile, chunk: Buffer): void {
  const form = formOf(chunk);
  if (form === undefined) return;
  throw refused(file, undefined, form.name, form.remedy === "" ? "unpack it once" : form.remedy);
}

function refused(file: ScriptFile, line: number | undefined, seen: string, next: string): MigrateError {
  return new MigrateError("BASE_INVALID", `${file.name} cannot be read as an SQL script`, {
    where: line === undefined ? file.name : `${file.name}:${line}`,
    found: seen,
    wanted: "SQL as UTF-8 or latin1 text, plain or packed by gzip or zstd",
    next: next.replaceAll("FILE", file.name),
  });
}

function count(bytes: Buffer, wanted: number): number {
  let times = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) times += 1;
  return times;
}

/** Node has zstd from 22.15 on; the package supports 22.12. */
function zstd(): Pick<Form, "unpack" | "remedy"> {
  const create = zlib.createZstdDecompress as typeof zlib.createZstdDecompress | undefined;
  const remedy = "unpack it: zstd -dk FILE";
  return create === undefined ? { remedy } : { unpack: () => create({ chunkSize: CHUNK }), remedy };
}
