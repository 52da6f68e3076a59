import type { Cell } from "./cells.ts";

/** The properties of the terminal for drawing. */
export interface Canvas {
  /** Width of a line, in characters. */
  readonly width: number;
  /** Block characters may be used; otherwise only ASCII. */
  readonly blocks: boolean;
  readonly paint: (style: "dim" | "cyan" | "magenta" | "red" | "yellow", text: string) => string;
}

interface Glyphs {
  readonly cells: Readonly<Record<Cell, string>>;
  readonly dash: string;
  readonly ellipsis: string;
}

/** Taller glyphs mean more selected: readable without colours, and rows stay apart. */
const blocks: Glyphs = { cells: { none: "▁", some: "▃", all: "▆", more: "█", border: "▎" }, dash: "–", ellipsis: "…" };
const ascii: Glyphs = { cells: { none: ".", some: "-", all: "=", more: "#", border: "|" }, dash: "-", ellipsis: "..." };

export function glyphsOf(canvas: Canvas): Glyphs {
  return canvas.blocks ? blocks : ascii;
}

const styles = { none: "dim", some: "cyan", all: "cyan", more: "magenta", border: "cyan" } as const;

/** Groups neighbours of one kind, so that each group is coloured once. */
export function paintCells(cells: readonly Cell[], canvas: Canvas): string {
  let text = "";
  for (let at = 0; at < cells.length;) {
    const cell = cells[at] ?? "none";
    let end = at + 1;
    while (cells[end] === cell) end++;
    text += canvas.paint(styles[cell], glyphsOf(canvas).cells[cell].repeat(end - at));
    at = end;
  }
  return text;
}
