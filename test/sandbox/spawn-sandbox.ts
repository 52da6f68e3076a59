/** `ispyb-migrate sandbox` as a process of its own. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { checkedAnswer } from "../support/answers.ts";

export interface Ended {
  /** Null where a signal ended the process. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Spawned {
  readonly ended: Promise<Ended>;
  /** Its --json document, as soon as it is whole. Throws where the process ends without one. */
  answer<Document>(): Promise<Document>;
  /** What it has printed so far. */
  printed(): { readonly stdout: string; readonly stderr: string };
  readonly pid: number | undefined;
  signal(name: NodeJS.Signals): void;
}

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** `inside` is a command that runs the rest of its command line in other circumstances. */
export function spawnSandbox(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  inside: readonly string[] = [],
): Spawned {
  const [file = "", ...words] = [...inside, process.execPath, main, "sandbox", ...args];
  const child = spawn(file, words, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const closed = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit) => resolve({ exit, stdout, stderr }));
  });
  const ended = closed.then((all) => checkedAnswer(["sandbox", ...args], {}, all));
  ended.catch(() => {});
  return {
    ended,
    answer<Document>() {
      return new Promise<Document>((resolve, reject) => {
        child.stdout.on("data", () => {
          if (stdout.endsWith("\n}\n")) resolve(JSON.parse(stdout) as Document);
        });
        ended.then(() => reject(new Error(`ended without an answer: ${stdout}${stderr}`)), reject);
      });
    },
    printed: () => ({ stdout, stderr }),
    pid: child.pid,
    signal: (name) => child.kill(name),
  };
}
