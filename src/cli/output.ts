import { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { OutputStream, Surroundings } from "./surroundings.ts";

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Colours where the stream is a terminal, as NO_COLOR, FORCE_COLOR and TERM have it. */
export function painter(stream: OutputStream, env: Surroundings["env"]): Paint {
  if (!takesColours(stream, env)) return (_style, text) => text;
  return (style, text) => styleText(style, text, { validateStream: false });
}

/** What styleText asks itself, but of this environment and not of the process's. */
function takesColours(stream: OutputStream, env: Surroundings["env"]): boolean {
  if (env["FORCE_COLOR"] === undefined && stream.isTTY !== true) return false;
  return WriteStream.prototype.getColorDepth(env) > 2;
}

/** What stdout can show of a drawing. */
export interface Canvas {
  /** Characters in a line. */
  readonly width: number;
  /** Block characters may be used; else ASCII alone. */
  readonly blocks: boolean;
  /** Longer lines are broken; whoever reads from a pipe wants them whole. */
  readonly wraps: boolean;
  readonly paint: Paint;
}

const NARROWEST = 80;
/** In a longer line the eye loses its way from one end to the other. */
const WIDEST = 160;

/** Blocks go with colours, and so neither into a pipe nor a file; and only where the locale says UTF-8. */
export function canvasOf(stream: OutputStream, env: Surroundings["env"]): Canvas {
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

/** What a command hands over: data for scripts, and the same as text for people. */
export interface Result {
  /** The fields beside schema, command and ok. */
  readonly document: object;
  readonly text: string;
}

/** stdout is the result and nothing else; stderr is everything else. */
export interface Output {
  /** The program's own name, for hints. */
  readonly program: string;
  /** Keeps the command's one result; the last call counts. It is printed when the command has ended. */
  result(result: Result): void;
  /** A line of progress on stderr. */
  note(line: string): void;
  readonly paintResult: Paint;
  /** The same, for what is drawn. */
  readonly canvas: Canvas;
  readonly paintNote: Paint;
  /** Where notes go, where that is a terminal: for what is drawn over itself. */
  readonly terminal: OutputStream | undefined;
}

/**
 * Neither a reader that goes away (`| head`) nor a full disk may end an upgrade in the middle. Whether
 * the result itself could be written is known by `write`. Holds until it is disposed of.
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
 * All of the text written, so that an exit right afterwards cuts nothing off. Rejects where it could
 * not be (a full disk); a reader that went away wanted no more.
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
