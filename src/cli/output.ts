import { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { Caller } from "../documents/caller.ts";
import type { Canvas } from "../job/draw/canvas.ts";
import type { OutputStream, Surroundings } from "./surroundings.ts";

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Colours if the stream is a terminal; NO_COLOR, FORCE_COLOR and TERM override. */
export function painter(stream: OutputStream, env: Surroundings["env"]): Paint {
  if (!takesColours(stream, env)) return (_style, text) => text;
  return (style, text) => styleText(style, text, { validateStream: false });
}

/** The rules of styleText, applied to this environment instead of the process's own. */
function takesColours(stream: OutputStream, env: Surroundings["env"]): boolean {
  if (env["FORCE_COLOR"] === undefined && stream.isTTY !== true) return false;
  return WriteStream.prototype.getColorDepth(env) > 2;
}

/** What stdout can show of a drawing. */
export interface ResultCanvas extends Canvas {
  /** Longer lines are broken; in a pipe they stay whole. */
  readonly wraps: boolean;
  readonly paint: Paint;
}

const NARROWEST = 80;
/** Longer lines are hard to read. */
const WIDEST = 160;

/** Block characters are used where colours are, so not in a pipe or file, and only if the locale is UTF-8. */
export function canvasOf(stream: OutputStream, env: Surroundings["env"]): ResultCanvas {
  const paint = painter(stream, env);
  const { LC_ALL, LC_CTYPE, LANG, COLUMNS } = env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((each) => each !== undefined && each !== "") ?? "";
  const columns = stream.columns ?? Number(COLUMNS ?? NARROWEST);
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, Number.isInteger(columns) ? columns : NARROWEST)),
    blocks: paint("red", "x") !== "x" && /utf-?8/i.test(locale),
    wraps: stream.isTTY === true,
    paint,
  };
}

/** The result of a command: data for scripts, and the same as text for people. */
export interface Result {
  /** The fields beside schema, command and ok. */
  readonly document: object;
  readonly text: string;
}

/** stdout is the result and nothing else; stderr is everything else. */
export interface Output {
  /** How hints call this program. */
  readonly caller: Caller;
  /** Keeps the command's one result; the last call counts. It is printed when the command has ended. */
  result(result: Result): void;
  /** Prints the command's one result at once, for a command that goes on afterwards. */
  answer(result: Result): Promise<void>;
  /** A line of progress on stderr, or a note that the result also holds. --quiet leaves it out. */
  note(line: string): void;
  /** A line on stderr that changes what the result means, or that was asked for. It stays with --quiet. */
  warning(line: string): void;
  readonly paintResult: Paint;
  /** The same for drawings. */
  readonly canvas: ResultCanvas;
  readonly paintNote: Paint;
  /** Whether notes are left out. */
  readonly quiet: boolean;
  /** The terminal that notes go to, if there is one: for progress that overwrites itself. */
  readonly terminal: OutputStream | undefined;
}

/**
 * Keeps a closed pipe (`| head`) or a full disk from ending an upgrade in the middle. `write` still reports whether
 * the result itself could be written. Works until it is disposed of.
 */
export function surviveOutput({ stdout, stderr }: Pick<Surroundings, "stdout" | "stderr">): Disposable {
  const ignore = () => {};
  for (const stream of [stdout, stderr]) stream.on("error", ignore);
  return {
    [Symbol.dispose]() {
      for (const stream of [stdout, stderr]) stream.off("error", ignore);
    },
  };
}

/**
 * Resolves when all of the text is written, so that an exit right afterwards cuts nothing off. Rejects if it cannot be
 * written (a full disk); a closed pipe is no error.
 */
export function write(stream: OutputStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      if (error === null || error === undefined || error.code === "EPIPE") resolve();
      else reject(error);
    });
  });
}

export function withNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
