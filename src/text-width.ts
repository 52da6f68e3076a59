/** The columns that a text takes in a terminal: a Chinese character or an emoji takes two, a colour none. */
import widthOf from "fast-string-width";

/** The columns that the widest of the texts takes. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** No more than `width` columns; what is cut off shows. Never within what a reader calls a character. */
export function shorten(text: string, width: number, ellipsis: string): string {
  if (widthOf(text) <= width) return text;
  const characters = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text);
  let kept = "";
  for (const { segment } of characters) {
    if (widthOf(kept + segment) > width - widthOf(ellipsis)) break;
    kept += segment;
  }
  return kept + ellipsis;
}
