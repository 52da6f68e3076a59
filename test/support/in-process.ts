/** The command line inside this process, with streams in memory: for all tests whose subject is not the process. */
import { EventEmitter } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { runCli } from "../../src/cli/run.ts";
import type { SignalName } from "../../src/cli/surroundings.ts";
import { checkedAnswer } from "./answers.ts";

export interface InProcess {
  /** All of the environment; an empty home where it names none, so that no option file of this machine takes part. */
  readonly env?: Readonly<Record<string, string>>;
  /** The working folder; this process's where it is left out. */
  readonly cwd?: string;
  /** What is typed, or comes through a pipe. */
  readonly input?: string;
  /** All three streams are a terminal, this many columns wide. */
  readonly tty?: { readonly columns: number };
}

export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedInProcess {
  readonly ended: Promise<Ended>;
  /** Returns when one of the streams holds this text; throws where the command ends without it. */
  said(text: string): Promise<void>;
  /** Text that is typed now; what is not a terminal has ended after its input. */
  type(text: string): void;
  /** The signal as this one command line gets it. */
  signal(name: SignalName): void;
}

export function startInProcess(args: readonly string[], options: InProcess = {}): StartedInProcess {
  const { env = {}, cwd = process.cwd(), input = "", tty } = options;
  const stdout = new Memory(tty);
  const stderr = new Memory(tty);
  const stdin = Object.assign(new PassThrough(), { isTTY: tty !== undefined, setRawMode: () => {} });
  stdin.write(input);
  if (tty === undefined) stdin.end();
  const signals = new EventEmitter();
  const running = runCli(args, { cwd, env: { HOME: "/nonexistent", ...env }, stdin, stdout, stderr, signals });
  return {
    ended: running.then((exit) => checkedAnswer(args, env, { exit, stdout: stdout.text, stderr: stderr.text })),
    async said(text) {
      let isRunning = true;
      const ended = running.then(() => (isRunning = false));
      while (!stdout.text.includes(text) && !stderr.text.includes(text)) {
        if (!isRunning) throw new Error(`it ended without ${text}:\n${stdout.text}${stderr.text}`);
        await Promise.race([stdout.next(), stderr.next(), ended]);
      }
    },
    type: (text) => stdin.write(text),
    signal: (name) => signals.emit(name, name),
  };
}

/** `ispyb-migrate` with these arguments, to its end. */
export function runInProcess(args: readonly string[], options?: InProcess): Promise<Ended> {
  return startInProcess(args, options).ended;
}

// --- internal ---

/** A stream that keeps what is written. */
class Memory extends Writable {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  text = "";
  readonly #written = new EventEmitter();

  constructor(tty: InProcess["tty"]) {
    super({ decodeStrings: false });
    this.isTTY = tty !== undefined;
    this.columns = tty?.columns;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.#written.emit("text");
    done();
  }

  /** Returns when more was written. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#written.once("text", resolve));
  }
}
