import { clientCommand, delimiterOf } from "./client-commands.ts";
import type { LexicalModes } from "../db/db.ts";
import type { ClientCommand, ScriptPart } from "./script-part.ts";
import { charactersOf, isBlank, isConditional, markLength, trimmedLength } from "./text.ts";

const { BACKSLASH, BACKTICK, DASH, DOUBLE, HASH, SINGLE, SLASH, STAR } = charactersOf;

/**
 * Cuts a script where the stock client does, which reads it line by line: at the delimiter, outside of quotes and
 * comments. BEGIN and END have no meaning here, because blocks cannot be recognised reliably. Each line is read once, so
 * the work grows with the script and not with its statements. Comments before a statement are dropped; those inside are
 * kept, as by the client's `--comments`, because they document a routine.
 */
export class Lexer {
  /** Set by the caller that runs the statements, between two of them. */
  modes: LexicalModes = { backslashEscapes: true, ansiQuotes: false };
  /** Characters that were looked at; a test compares it with the script's length. */
  work = 0;
  /** Lines that were read. */
  lines = 0;
  /** Characters of the statement that has not ended yet. */
  size = 0;
  #delimiter = ";";
  #source: string[] = [];
  #sql: string[] = [];
  /** The length of `#sql` without blanks and comments at its end: alone, they would be an empty statement. */
  #solid = 0;
  #firstLine = 1;
  /** The line where the statement begins; 0 while there are only blanks and comments. */
  #begin = 0;
  /** The quote that is open, or 0. */
  #quote = 0;
  #comment = false;
  /** The client forgets at the end of a line that it is inside of a conditional comment. */
  #conditional = false;
  #command: ClientCommand | undefined;

  /** Where the statement begins that has not ended yet; else the next line. */
  get line(): number {
    return this.#begin === 0 ? this.lines + 1 : this.#begin;
  }

  /** The pieces that end in this line, which comes with its line break; only the last line may have none. */
  *read(raw: string): Generator<ScriptPart> {
    this.lines += 1;
    this.#conditional = false;
    const ended = raw.endsWith("\n");
    // The client turns CRLF into a line break, in quotes as well.
    const text = ended ? raw.slice(0, raw.endsWith("\r\n") ? -2 : -1) : raw;
    const mark = this.lines === 1 ? markLength(text) : 0;
    if (this.#begin === 0 && !this.#comment) {
      const delimiter = delimiterOf(text.slice(mark));
      if (delimiter !== undefined) {
        this.#delimiter = delimiter;
        yield this.#cut(raw);
        return;
      }
      if (!text.includes(this.#delimiter)) this.#command ??= clientCommand(text.slice(mark), this.lines);
    }
    const rest = yield* this.#scan(raw, text, mark);
    if (ended) this.#add("\n");
    this.#source.push(raw.slice(rest));
  }

  /** What is left at the end: the last statement needs no delimiter. */
  *end(): Generator<ScriptPart> {
    if (this.#source.some((piece) => piece !== "")) yield this.#cut("");
  }

  // --- internal ---

  /** Yields the pieces of a line, and returns where the rest of it begins, which belongs to the next piece. */
  *#scan(raw: string, text: string, mark: number): Generator<ScriptPart, number> {
    let piece = 0;
    /** From here on, the text is not in `#sql` yet. */
    let from = mark;
    let at = mark;
    while (at < text.length) {
      this.work += 1;
      const code = text.charCodeAt(at);
      if (this.#begin === 0) from = at;
      if (this.#comment) {
        at = this.#inComment(text, at, code);
        continue;
      }
      if (this.#begin === 0 && isBlank(code)) at += 1;
      else if (code === BACKSLASH && this.#escapes()) {
        // At the end of a line, the client drops the backslash. It dropped it from the sandbox line, too.
        const dropped = at + 1 === text.length ? 1 : this.#backslash(text, at);
        if (dropped > 0) {
          this.#start();
          this.#add(text.slice(from, at));
          from = at + dropped;
        }
        at += 2;
      } else if (this.#quote === 0 && text.startsWith(this.#delimiter, at)) {
        this.#add(text.slice(from, at));
        at += this.#delimiter.length;
        yield this.#cut(raw.slice(piece, at));
        piece = at;
        from = at;
      } else if (this.#quote === 0 && this.#isLineComment(text, at, code)) break;
      else at = this.#plain(text, at, code);
      if (!this.#comment && !isBlank(code) && this.#begin !== 0) this.#solid = this.size + Math.max(0, at - from);
    }
    this.#add(text.slice(Math.min(from, text.length)));
    return piece;
  }

  /** A comment of several lines. It ends like the client's: not at the end of a conditional comment around it. */
  #inComment(text: string, at: number, code: number): number {
    // The client passes over a second beginning, so that `/*/` in a comment is no end.
    if (code === SLASH && text.charCodeAt(at + 1) === STAR && !isConditional(text, at)) return at + 2;
    if (code === SLASH && text.charCodeAt(at + 1) === STAR) this.#conditional ||= text[at + 2] === "!";
    if (code !== STAR || text.charCodeAt(at + 1) !== SLASH) return at + 1;
    if (this.#conditional) this.#conditional = false;
    else this.#comment = false;
    return at + 2;
  }

  /** A character of the statement, or the beginning of a comment. */
  #plain(text: string, at: number, code: number): number {
    if (this.#quote !== 0) {
      if (code === this.#quote) this.#quote = 0;
      return at + 1;
    }
    if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
      if (!isConditional(text, at)) {
        this.#comment = true;
        return at + 2;
      }
      if (text[at + 2] === "!") this.#conditional = true;
    } else if (code === STAR && text.charCodeAt(at + 1) === SLASH) this.#conditional = false;
    else if (code === SINGLE || code === DOUBLE || code === BACKTICK) this.#quote = code;
    this.#start();
    return at + 1;
  }

  /** Outside of quotes a backslash begins a command of the client. Returns how many characters are not sent. */
  #backslash(text: string, at: number): number {
    this.#start();
    if (this.#quote !== 0 || text[at + 1] === "N") return 0;
    if (text[at + 1] === "-" && text.slice(0, at).endsWith("M!999999")) return 2;
    this.#command ??= { line: this.lines, text: text.slice(at, at + 2) };
    return 0;
  }

  #escapes(): boolean {
    if (this.#quote === BACKTICK || (this.#quote === DOUBLE && this.modes.ansiQuotes)) return false;
    return this.#quote === 0 || this.modes.backslashEscapes;
  }

  /** Where a statement would begin, two dashes need no blank behind them. */
  #isLineComment(text: string, at: number, code: number): boolean {
    if (code === HASH) return true;
    if (code !== DASH || text.charCodeAt(at + 1) !== DASH) return false;
    return this.#begin === 0 || at + 2 === text.length || isBlank(text.charCodeAt(at + 2));
  }

  #start(): void {
    if (this.#begin === 0) this.#begin = this.lines;
  }

  #add(text: string): void {
    if (this.#begin === 0 || text === "") return;
    this.#sql.push(text);
    this.size += text.length;
  }

  #cut(tail: string): ScriptPart {
    const source = `${this.#source.join("")}${tail}`;
    const written = this.#sql.join("");
    const sql = written.slice(0, trimmedLength(written, this.#solid));
    const line = this.#begin === 0 ? this.#firstLine : this.#begin;
    const command = this.#command ?? (sql === "" ? undefined : clientCommand(sql, line));
    this.#source = [];
    this.#sql = [];
    this.size = 0;
    this.#solid = 0;
    this.#begin = 0;
    this.#command = undefined;
    this.#firstLine = tail.endsWith("\n") ? this.lines + 1 : this.lines;
    return command === undefined ? { source, sql, line } : { source, sql, line, command };
  }
}
