/** How much memory the packed program needs at most. */
import { spawnSync } from "node:child_process";
import type { Subject } from "./measure.ts";

/** What the kernel says of it, in MB, when it ends. */
export function peakMemory({ args, env = {}, file, name }: Subject): number {
  const tell = "process.on('exit', () => console.error('peak ' + process.resourceUsage().maxRSS))";
  const ended = spawnSync(file, ["--import", `data:text/javascript,${encodeURIComponent(tell)}`, ...args], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...env },
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  const peak = /^peak (?<kilobytes>\d+)$/m.exec(ended.stderr)?.groups?.["kilobytes"];
  if (ended.status !== 0 || peak === undefined) throw new Error(`${name} ended with ${ended.status}:\n${ended.stderr}`);
  return Number(peak) / 1024;
}
