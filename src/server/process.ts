import { spawn } from "node:child_process";

/** How a helper program ended. `output` is stdout and stderr as they came, for a person to read. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/**
 * Runs a program to its end. A program that is not there ends with 127, as a shell says it:
 * for a provider that is a reason to refuse and not an accident.
 */
export function run(
  file: string,
  args: readonly string[],
  more: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string; readonly input?: string } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    // C, because the answers of apt and the servers are read by us and quoted in messages.
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
    // A program that ends before it has read everything closes its end; its exit code says why.
    child.stdin.on("error", () => {});
    child.stdin.end(more.input ?? "");
  });
}

/** The last lines of a log, where programs say why they gave up. */
export function lastLines(text: string, count = 12): string[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count);
}
