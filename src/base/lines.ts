/** Joins chunks of any size to lines. The pieces of a line are joined once, when it ends. */
export class LineJoiner {
  /** Characters of the line that has not ended yet. */
  size = 0;
  #pieces: string[] = [];

  /** The lines that end in this chunk, each with its line break. */
  *read(chunk: string): Generator<string> {
    let from = 0;
    for (let to = chunk.indexOf("\n") + 1; to > 0; to = chunk.indexOf("\n", from) + 1) {
      yield this.#take(chunk.slice(from, to));
      from = to;
    }
    if (from === chunk.length) return;
    this.#pieces.push(chunk.slice(from));
    this.size += chunk.length - from;
  }

  /** The last line, if it has no line break. */
  *end(): Generator<string> {
    if (this.#pieces.length > 0) yield this.#take("");
  }

  #take(last: string): string {
    if (this.#pieces.length === 0) return last;
    const line = `${this.#pieces.join("")}${last}`;
    this.#pieces = [];
    this.size = 0;
    return line;
  }
}

/** The lines of a script that comes in chunks. */
export function* linesOf(chunks: Iterable<string>): Generator<string> {
  const joiner = new LineJoiner();
  for (const chunk of chunks) yield* joiner.read(chunk);
  yield* joiner.end();
}
