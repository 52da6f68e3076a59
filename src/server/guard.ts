import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A shell between us and the server. It ends the server and removes its folder as soon as our end
 * of the pipe closes: on dispose, and just as well when this process exits, is interrupted or killed
 * in any way. No signal handler of ours is needed, so none gets in the way of the program we live in.
 * It is there before the folder is, and waits for the word that the folder is ready, so at no moment
 * is there a folder that nobody would remove. The copy of the data directory is its work as well.
 * The shell is the server's parent: until it has waited for it, the process id cannot be reused,
 * so nobody else's process is ever signalled. Only the server has our pipe as its stderr: the shell
 * says a line about a child that was killed, and would die of that line where nobody reads it.
 */
const script = `
folder=$1 grace=$2 original=$3 copy=$4
shift 4
exec 3<&0 4>&2 </dev/null 2>/dev/null
read -r _ <&3 || { rm -rf -- "$folder"; exit 1; }
if [ -n "$original" ]; then cp -R "$original" "$copy" 2>&4 || { rm -rf -- "$folder"; exit 1; }; fi
"$@" 2>&4 3<&- 4>&- &
server=$!
exec 4>&-
(
  read -r _ <&3
  kill -TERM "$server"
  left=$((grace * 10))
  while [ "$left" -gt 0 ]; do kill -0 "$server" || exit; sleep 0.1; left=$((left - 1)); done
  kill -KILL "$server"
) >/dev/null &
watcher=$!
wait "$server"
code=$?
kill "$watcher"
rm -rf -- "$folder"
exit "$code"
`;

/** How many lines of its log are kept for an error message. */
const LOG_LINES = 40;

export interface Guarded {
  /** Resolves when the server has ended and its folder is gone; whether we asked for it or not. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** The last lines that the server wrote. */
  log(): readonly string[];
  /** Asks the server to end, and waits until nothing of it is left. */
  readonly stop: () => Promise<void>;
}

export interface GuardedProgram {
  /** A new path: made here, for this account alone, and removed when the program has ended. */
  readonly folder: string;
  /** Puts into the folder what the program needs; it starts when this is done. */
  readonly prepare?: () => Promise<void>;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder that is copied before the program starts. */
  readonly copy?: { readonly from: string; readonly to: string };
  /** Seconds between asking the program to end and ending it; 0 for one that has nothing to put in order. */
  readonly grace?: number;
}

/** A path for a folder of ours that does not exist yet and that nobody can guess. */
export function newFolder(purpose = ""): string {
  return join(tmpdir(), `ispyb-migrate-${purpose}${randomBytes(9).toString("base64url")}`);
}

/** Starts a program that must not outlive us. */
export async function startGuarded(program: GuardedProgram): Promise<Guarded> {
  const { folder, prepare, file, args, env = {}, copy, grace = 10 } = program;
  const settings = [folder, String(grace), copy?.from ?? "", copy?.to ?? ""];
  const child = spawn("sh", ["-c", script, "sh", ...settings, file, ...args], {
    // A session of its own: Ctrl-C in our terminal is ours to answer, the server must not hear it.
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    lines.splice(0, lines.length - LOG_LINES);
  });
  let asked = false;
  child.on("error", (error) => lines.push(error.message));
  child.on("close", (code) => {
    // A shell's way to say that a signal ended its child, which has no line in any log.
    if (!asked && code !== null && code > 128) lines.push(`the program was ended by signal ${code - 128}`);
  });
  child.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve) => {
    // "close" comes after the last line of the log.
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  let over = false;
  void ended.then(() => (over = true));
  // A forgotten server must not keep the program alive; when the program ends, so does the server.
  child.unref();
  for (const stream of [child.stdin, child.stderr]) (stream as unknown as { unref(): void }).unref();
  const stop = async () => {
    asked = true;
    child.ref();
    child.stdin.end();
    await ended;
  };
  try {
    await mkdir(folder, { mode: 0o700 });
    await prepare?.();
  } catch (error) {
    await stop();
    throw error;
  }
  child.stdin.write("ready\n");
  return {
    ended,
    hasEnded: () => over,
    log: () => (rest === "" ? lines : [...lines, rest]),
    stop,
  };
}
