import { redact } from "../db/redact.ts";
import { formatAnswer } from "../documents/answer.ts";
import { type Caller, programName } from "../documents/caller.ts";
import type { HintOptions } from "../hint.ts";
import type { Options } from "../options.ts";
import { describeFailure, failureStack, failureText, toMigrateError } from "./failure.ts";
import {
  type Output,
  type Paint,
  type Result,
  type ResultCanvas,
  canvasOf,
  painter,
  withNewline,
  write,
} from "./output.ts";
import type { OutputStream, Surroundings } from "./surroundings.ts";

/** A shorter password would be found inside ordinary words. */
const SHORTEST_SECRET = 4;

/**
 * The only way out for everything that is printed. Notes and failures may quote a server or a statement, so known
 * secrets are removed from them; results hold only catalog and journal.
 */
export class Report implements Output {
  readonly paintResult: Paint;
  readonly paintNote: Paint;
  readonly canvas: ResultCanvas;
  command: string | undefined;
  json: boolean;
  verbose: boolean;
  quiet: boolean;
  caller: Caller;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #secrets = new Set<string>();
  #result: Result | undefined;
  #isAnswered = false;

  /** Until the options are resolved, the arguments themselves say how to print a failure. */
  constructor(command: string | undefined, args: readonly string[], { env, stdout, stderr }: Surroundings) {
    this.command = command;
    this.json = args.includes("--json") || /^(1|true|yes|on)$/i.test(env["ISPYB_MIGRATE_JSON"] ?? "");
    this.verbose = args.includes("--verbose");
    this.quiet = args.includes("--quiet");
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.caller = { program: programName(env) };
    this.canvas = canvasOf(stdout, env);
    this.paintResult = this.canvas.paint;
    this.paintNote = painter(stderr, env);
    this.keepSecret(env["MYSQL_PWD"]);
  }

  get terminal(): OutputStream | undefined {
    return this.#stderr.isTTY === true ? this.#stderr : undefined;
  }

  /** From here on the options say how to print, as they were resolved. `repeated`: flags that are repeated in hints. */
  configure({ json, quiet, verbose }: Options, repeated: HintOptions = {}): void {
    this.json = json;
    this.quiet = quiet;
    this.verbose = verbose;
    this.caller = { ...this.caller, options: repeated };
  }

  /** `open` are names that are printed anyway: hiding a password that equals one of them would hide nothing. */
  keepSecret(secret: string | undefined, open: readonly string[] = []): void {
    if (secret !== undefined && secret.length >= SHORTEST_SECRET && !open.includes(secret)) this.#secrets.add(secret);
  }

  result(result: Result): void {
    this.#result = result;
  }

  async answer({ document, text }: Result): Promise<void> {
    this.#isAnswered = true;
    await this.print(this.json ? formatAnswer(this.command, true, document) : text);
  }

  note(line: string): void {
    if (!this.quiet) this.warning(line);
  }

  warning(line: string): void {
    this.#stderr.write(`${redact(line, [...this.#secrets])}\n`);
  }

  /** Help and version: no document, whatever the flags. */
  async print(text: string): Promise<void> {
    await write(this.#stdout, withNewline(text));
  }

  /** The command succeeded; `exit` is its answer. */
  async succeeded(exit: number): Promise<number> {
    if (this.#isAnswered) return exit;
    const { document = {}, text = "" } = this.#result ?? {};
    await this.print(this.json ? formatAnswer(this.command, true, document) : text);
    return exit;
  }

  /** Also prints what the command had to say before it failed; --json still prints one document. */
  async failed(error: unknown): Promise<number> {
    const failure = toMigrateError(error);
    const secrets = [...this.#secrets];
    const described = describeFailure(failure, secrets, this.caller);
    const { document = {}, text = "" } = this.#result ?? {};
    let isPrinted = !this.#isAnswered;
    try {
      if (isPrinted)
        await this.print(this.json ? formatAnswer(this.command, false, { ...document, error: described }) : text);
    } catch {
      // If stdout cannot be written, stderr still gets the reason.
      isPrinted = false;
    }
    if (!this.json || !isPrinted) await write(this.#stderr, failureText(described, this.paintNote));
    if (this.verbose) await write(this.#stderr, failureStack(failure, secrets));
    return failure.exit;
  }
}
