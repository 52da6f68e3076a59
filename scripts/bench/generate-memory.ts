/** Measures the peak memory of the packed program. */
import { spawnSync } from "node:child_process";
import type { Subject } from "./measure.ts";

/** The peak memory in MB, as the kernel reports it at the end. */
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
