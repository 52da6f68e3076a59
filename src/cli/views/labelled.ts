/** Long texts in the room that a terminal has. */
import { widest } from "../../text-width.ts";
import { wrap } from "../../wrap.ts";
import type { ResultCanvas } from "../output.ts";
import { columns } from "./columns.ts";

type Room = Pick<ResultCanvas, "width" | "wraps">;

/** Labels, and beside each its text in as many lines as it needs; `indent` is what stands before them. */
export function labelled(
  rows: readonly (readonly [label: string, text: string])[],
  indent: number,
  room: Room,
): string[] {
  if (!room.wraps) return columns(rows);
  const label = widest(rows.map(([first]) => first));
  return columns(
    rows.flatMap(([first, text]) =>
      broken(text, room.width - indent - label - GAP).map((line, at) => [at === 0 ? first : "", line]),
    ),
  );
}

/** Each line with what is too long of it below, a little to the right. */
export function hanging(lines: readonly string[], indent: number, room: Room): string[] {
  if (!room.wraps) return [...lines];
  return lines.flatMap((line) =>
    broken(line, room.width - indent - HANG.length).map((part, at) => (at === 0 ? part : `${HANG}${part}`)),
  );
}

// --- internal ---

/** What columns stand apart. */
const GAP = 2;
const HANG = "    ";
/** A label that leaves no room is broken by the terminal itself. */
const NARROWEST = 20;

function broken(text: string, room: number): string[] {
  return wrap(text, Math.max(NARROWEST, room));
}
