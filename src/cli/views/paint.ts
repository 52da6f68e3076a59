import type { Paint, Style } from "../output.ts";

const styleOfState: Readonly<Record<string, Style>> = {
  applied: "green",
  unrecorded: "cyan",
  pending: "yellow",
  drift: "red",
  edited: "red",
  conflict: "red",
  missing: "red",
  skipped: "cyan",
  hidden: "yellow",
  impossible: "red",
};

/** What is not said in the state's own word. */
const words: Readonly<Record<string, string>> = {
  unrecorded: "no change needed",
  hidden: "not visible",
  impossible: "needs a missing column",
};

export function paintState(paint: Paint, state: string): string {
  return paint(styleOfState[state] ?? "reset", words[state] ?? state);
}

export function indent(text: string, by: number): string {
  const margin = " ".repeat(by);
  return text
    .split("\n")
    .map((line) => (line === "" ? line : margin + line))
    .join("\n");
}
