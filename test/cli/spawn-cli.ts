/** The command line as a process of its own, for tests about signals, pipes, exit codes and kills. */
import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { checkedAnswer } from "../support/answers.ts";
import type { Account, Ended, Place } from "./run-cli.ts";

const main = new URL("../../src/cli/main.ts", import.meta.url).pathname;

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Exited>;
}

/** `exit` is null for what a signal ended. */
export type Exited = Omit<Ended, "exit"> & { readonly exit: number | null };

/** A program of this project as a child process without a terminal, and without this one's environment. */
export function startProgram(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Started {
  const { child, ended } = startProcess(process.execPath, [file, ...args], environment);
  const isCli = file.endsWith("/src/cli/main.ts");
  return { child, ended: isCli ? ended.then((each) => checkedAnswer(args, environment, each)) : ended };
}

function startProcess(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Started {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...environment },
  });
  // A test may close its end before the program has written.
  const streams = Promise.all([child.stdout, child.stderr].map((stream) => text(stream).catch(() => "")));
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const ended = Promise.all([exit, streams]).then(([code, [stdout = "", stderr = ""]]) => ({
    exit: code,
    stdout,
    stderr,
  }));
  return { child, ended };
}

/** `ispyb-migrate` with these arguments. */
export function startCli(args: readonly string[], environment?: Readonly<Record<string, string>>): Started {
  return startProgram(main, args, environment);
}

/** Started on this database, as root or another account; the password goes through the environment. */
export function startOn(db: Place & Account, args: readonly string[], { user, password }: Account = db): Started {
  return startCli([...args, "--url", `mysql://${user}@${db.host}:${db.port}/${db.database}`], { MYSQL_PWD: password });
}

/** The same to its end, in a process that may write no more than 8 KB to a file: the disk of that process is full. */
export function runWithFullDisk(db: Place & Account, args: readonly string[]): Promise<Exited> {
  const url = `mysql://${db.user}@${db.host}:${db.port}/${db.database}`;
  const words = ["-c", 'ulimit -f 16 && exec "$@"', "sh", process.execPath, main, ...args, "--url", url];
  return startProcess("sh", words, { MYSQL_PWD: db.password, NODE_DISABLE_COMPILE_CACHE: "1" }).ended;
}
