import { wrapAnsi } from "fast-wrap-ansi";

/** Lines broken between words, and within a word that is longer than a line: paths and commands have few blanks. */
export function wrap(text: string, width: number): string[] {
  return wrapAnsi(text, width, { hard: true, trim: true }).split("\n");
}
