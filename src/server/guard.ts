import { spawn } from "node:child_process";

/**
 * A shell between us and the server. It ends the server and removes its folder as soon as our end
 * of the pipe closes: on dispose, and just as well when this process exits, is interrupted or killed
 * in any way. No signal handler of ours is needed, so none gets in the way of the program we live in.
 * The shell is the server's parent: until it has waited for it, the process id cannot be reused,
 * so nobody else's process is ever signalled. It also makes the copy of the data directory, so that
 * a program killed meanwhile leaves nothing either.
 */
const script = `
folder=$1 grace=$2 original=$3 copy=$4
shift 4
exec 3<&0
if [ -n "$original" ]; then cp -R "$original" "$copy" || { rm -rf -- "$folder"; exit 1; }; fi
"$@" </dev/null 3<&- &
server=$!
(
  read -r _ <&3
  kill -TERM "$server"
  left=$((grace * 10))
  while [ "$left" -gt 0 ] && kill -0 "$server"; do sleep 0.1; left=$((left - 1)); done
  kill -KILL "$server"
) >/dev/null 2>&1 &
watcher=$!
wait "$server"
code=$?
kill "$watcher" 2>/dev/null
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
  /** Removed when the program has ended. */
  readonly folder: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder that is copied before the program starts. */
  readonly copy?: { readonly from: string; readonly to: string };
  /** Seconds between asking the program to end and ending it. */
  readonly grace?: number;
}

/** Starts a program that must not outlive us. */
export function startGuarded({ folder, file, args, env = {}, copy, grace = 10 }: GuardedProgram): Guarded {
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
  child.on("error", (error) => lines.push(error.message));
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
  return {
    ended,
    hasEnded: () => over,
    log: () => (rest === "" ? lines : [...lines, rest]),
    stop: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
