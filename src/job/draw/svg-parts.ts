/** Elements that all parts of the picture of a job use. Lengths are pixels. */

export const WIDTH = 1000;
export const EDGE = 24;
export const LINE = 20;
/** Text uses a monospaced font, so that its width can be calculated. */
const FONT_SIZE = 13;
export const CHARACTER = FONT_SIZE * 0.61;

export const styles = `text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }
.page { fill: #ffffff }
.text { fill: #1f2328 }
.headline { fill: #1f2328; font-size: 18px; font-weight: 600 }
.heading { fill: #1f2328; font-weight: 600 }
.muted, .queued { fill: #59636e }
.bad, .failed { fill: #c4222c }
.running { fill: #2476c7 }
.success { fill: #1a7f37 }
.track { fill: #dfe4ea }
.open { fill: none; stroke: #59636e; stroke-dasharray: 3 3 }
.once { fill: #2476c7 }
.more { fill: #8a35a8 }
.hatch { stroke: #ffffff; stroke-width: 2; stroke-opacity: 0.55 }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117 }
  .text, .headline, .heading { fill: #e6edf3 }
  .muted, .queued { fill: #9198a1 }
  .bad, .failed { fill: #ff7b72 }
  .running { fill: #4b9be8 }
  .success { fill: #56d364 }
  .track { fill: #2b323b }
  .open { fill: none; stroke: #9198a1 }
  .once { fill: #4b9be8 }
  .more { fill: #c27be0 }
  .hatch { stroke: #0d1117 }
}`;

export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ""): string {
  const spelled = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escape(value)}"`,
  );
  return content === "" ? `<${name}${spelled.join("")}/>` : `<${name}${spelled.join("")}>${content}</${name}>`;
}

/** A line of text that begins, or ends, at x. */
export function label(
  x: number,
  baseline: number,
  text: string,
  style: string,
  anchor: "start" | "end" = "start",
): string {
  const place = { x, y: baseline, class: style, ...(anchor === "start" ? {} : { "text-anchor": anchor }) };
  return element("text", place, escape(text));
}

/** Text as XML may hold it, in content and in attributes. */
export function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

// --- internal ---

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
