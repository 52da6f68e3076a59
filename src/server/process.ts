import { spawn } from "node:child_process";

/** The result of a program. `output` is stdout and stderr in order, for messages. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/**
 * Runs a program to its end. A missing program ends with code 127, as in a shell: for a provider this is a reason
 * for a refusal, not an error.
 */
export function run(
  file: string,
  args: readonly string[],
  more: {
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly input?: string | Uint8Array;
  } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    // Locale C, because we read the output of apt and servers, and quote it in messages.
    const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive", ...more.env };
    const child = spawn(file, args, { env, ...(more.cwd === undefined ? {} : { cwd: more.cwd }) });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (error) => resolve({ code: 127, stdout, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, output }));
    // A program may end before it has read all input; its exit code is the reason.
    child.stdin.on("error", () => {});
    child.stdin.end(more.input ?? "");
  });
}

/** The last lines of a log, which usually contain the cause of a failure. */
export function lastLines(text: string, count = 12): string[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count);
}
