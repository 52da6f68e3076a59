import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tellToStop } from "./liveness.ts";

/**
 * A shell between this process and the server. It ends the server and removes its folder when our end of the pipe
 * closes: on dispose, and also when this process exits, is interrupted or is killed. This needs no signal handler
 * that could interfere with the calling program. The shell starts before the folder exists and waits for the word
 * that it was made, then for the word that it is ready, so that it removes the folder in every case. It also copies
 * the data directory. The shell is the server's parent: the process id cannot be reused before the shell has waited
 * for it, so no other process is ever signalled. Only the server has our pipe as its stderr: the shell prints a line
 * about a killed child, and that line would end it if the pipe had no reader.
 *
 * Two FIFOs in the folder serve processes that are not the owner. `guard` has a writer as long as the shell lives; it
 * appears with its writer, so that a starting guard never looks like a dead one. A line to `stop` ends the server.
 * After the word `detach` the owner may end, and only `stop` is left. Its log is a file then, of which the shell hands
 * over the end. A watcher that has done its work waits for the shell to end it, so that the shell signals no other
 * process. If the shell is killed, the last watcher does its work, and ends the whole process group.
 */
const script = `
folder=$1 grace=$2 original=$3 copy=$4 log=$5
shift 5
exec 3<&0 4>&2 </dev/null 2>/dev/null
read -r _ <&3 || { rm -rf -- "$folder"; exit 1; }
mkfifo -m 600 "$folder/stop" "$folder/guard.new" || { rm -rf -- "$folder"; exit 1; }
exec 8<>"$folder/guard.new" 6<>"$folder/stop"
exec 5>"$folder/guard.new" 7<"$folder/guard.new" 8<&7 7<&-
mv "$folder/guard.new" "$folder/guard"
read -r _ <&3 || { rm -rf -- "$folder"; exit 1; }
if [ -n "$original" ]; then
  cp -R "$original" "$copy" 2>&4 3<&- 5>&- 6<&- 8<&- || { rm -rf -- "$folder"; exit 1; }
fi
if [ -n "$log" ]; then exec 7>"$folder/log"; else exec 7>&4; fi
"$@" 2>&7 3<&- 4>&- 5>&- 6<&- 7>&- 8<&- &
server=$!
exec 7>&-
watch() {
  exec 4>&- 5>&-
  read -r word <&"$1"
  [ "$word" = detach ] && read -r _ <&6
  kill -TERM "$server"
  left=$((grace * 10))
  while [ "$left" -gt 0 ] && kill -0 "$server"; do sleep 0.1; left=$((left - 1)); done
  kill -KILL "$server"
  read -r _ <&8
}
watch 3 >/dev/null &
owner=$!
watch 6 >/dev/null 3<&- &
others=$!
(
  exec 4>&- 5>&-
  read -r _ <&8
  kill -KILL "$server"
  rm -rf -- "$folder"
  kill -KILL 0
) >/dev/null 3<&- 6<&- &
last=$!
exec 6<&- 8<&-
[ -n "$log" ] || exec 4>&-
wait "$server"
code=$?
kill "$owner" "$others" "$last"
[ -n "$log" ] && (trap '' PIPE; tail -n "$log" "$folder/log" >&4)
rm -rf -- "$folder"
exit "$code"
`;

/** Lines of the log that are kept for an error message. */
const LOG_LINES = 40;

export interface Guarded {
  /** Resolves when the server has ended, for any reason, and its folder is removed. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** The last lines of the server's output. */
  log(): readonly string[];
  /** Lets the program outlive this process; then a line to the FIFO `stop` in its folder ends it. */
  readonly detach: () => void;
  /** Ends the server, and waits until process and folder are gone. */
  readonly stop: () => Promise<void>;
}

export interface GuardedProgram {
  /** A new path: created here, only for this account, and removed when the program has ended. */
  readonly folder: string;
  /** Fills the folder before the program starts. */
  readonly prepare?: () => Promise<void>;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder that is copied before the program starts. */
  readonly copy?: { readonly from: string; readonly to: string };
  /** Seconds between SIGTERM and SIGKILL; 0 for a program that needs no clean shutdown. */
  readonly grace?: number;
  /** The program may be detached: its log is a file in the folder, and comes to `log` at its end. */
  readonly detachable?: boolean;
}

/** A path for a new folder that cannot be guessed. */
export function newFolder(purpose = "", parent = tmpdir()): string {
  return join(parent, `ispyb-migrate-${purpose}${randomBytes(9).toString("base64url")}`);
}

/** Starts a program that ends with this process at the latest. */
export async function startGuarded(program: GuardedProgram): Promise<Guarded> {
  const { folder, prepare, file, args, env = {}, copy, grace = 10, detachable = false } = program;
  const log = detachable ? String(LOG_LINES) : "";
  const settings = [folder, String(grace), copy?.from ?? "", copy?.to ?? "", log];
  const child = spawn("sh", ["-c", script, "sh", ...settings, file, ...args], {
    // A session of its own, so that Ctrl-C in the terminal does not reach the server.
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
  let detached = false;
  child.on("error", (error) => lines.push(error.message));
  child.on("close", (code) => {
    // The shell's exit code for a child that a signal ended; no log contains that.
    if (!asked && code !== null && code > 128) lines.push(`the program was ended by signal ${code - 128}`);
  });
  child.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve) => {
    // "close" comes after the last line of output.
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  let over = false;
  void ended.then(() => (over = true));
  const handles = [child, child.stdin, child.stderr] as unknown as readonly { ref(): void; unref(): void }[];
  // A server that is not stopped must not keep this process alive; it ends with the process.
  for (const handle of handles) handle.unref();
  const stop = async () => {
    asked = true;
    // All of them: the end of the program's output may come after the end of the program.
    for (const handle of handles) handle.ref();
    if (detached) await tellToStop(folder);
    else child.stdin.end();
    await ended;
  };
  try {
    await mkdir(folder, { mode: 0o700 });
    child.stdin.write("made\n");
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
    detach: () => {
      detached = true;
      child.stdin.end("detach\n");
    },
    stop,
  };
}
