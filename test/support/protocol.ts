/** Where the answer to a command of the protocol ends, for what passes it on. */

/** Three bytes of length, one that counts the packets. */
const HEADER = 4;
const OK = 0x00;
const END = 0xfe;
const ERROR = 0xff;
/** An END packet is shorter; a row that begins like it is longer. */
const LONGEST_END = 9;
/** The mark of an answer that another one follows. */
const MORE = 8;

/** The length of a whole answer at the beginning of these bytes; undefined if it is not whole. */
export function responseEnd(bytes: Buffer): number | undefined {
  let part: "first" | "columns" | "rows" = "first";
  for (let at = 0; at + HEADER <= bytes.length;) {
    const end = at + HEADER + bytes.readUIntLE(at, 3);
    if (end > bytes.length) return undefined;
    const body = bytes.subarray(at + HEADER, end);
    at = end;
    const isEnd = body[0] === END && body.length < LONGEST_END;
    if (body[0] === ERROR) return end;
    if (part === "first" && body[0] === OK) {
      if ((statusOf(body) & MORE) === 0) return end;
    } else if (part === "first") {
      if (isEnd) return end;
      part = "columns";
    } else if (isEnd && part === "columns") {
      part = "rows";
    } else if (isEnd) {
      if ((body.readUInt16LE(3) & MORE) === 0) return end;
      part = "first";
    }
  }
  return undefined;
}

// --- internal ---

/** Of an OK packet: after two numbers, each as long as its first byte says. */
function statusOf(body: Buffer): number {
  const lengthOf = (first: number | undefined) => ({ 0xfc: 3, 0xfd: 4, 0xfe: 9 })[first ?? 0] ?? 1;
  const second = 1 + lengthOf(body[1]);
  return body.readUInt16LE(second + lengthOf(body[second]));
}
