/** Text by what a reader calls a character, which may be several code units. */
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

function lengthOf(text: string): number {
  return charactersOf(text).length;
}

export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, lengthOf(text)), 0);
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - lengthOf(text)));
}

/** No more than `length` characters; what is cut off shows. */
export function shorten(text: string, length: number, ellipsis: string): string {
  const characters = charactersOf(text);
  return characters.length <= length ? text : characters.slice(0, length - ellipsis.length).join("") + ellipsis;
}

// --- internal ---

function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
