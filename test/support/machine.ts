/** With ISPYB_TEST=all: makes a bare machine able to run every lane, and takes back what it started. */
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { newFolder, startGuarded } from "../../src/server/guard.ts";
import { lastLines, run } from "../../src/server/process.ts";
import { within } from "./within.ts";

type Report = (line: string) => void;

/** Distribution package by the program that is needed out of it. */
const packages: Readonly<Record<string, string>> = {
  dockerd: "docker.io",
  docker: "docker.io",
  debootstrap: "debootstrap",
};

const START_SECONDS = 40;
const SERVICE_SECONDS = 5;

/** An engine that answers: the one that runs, or one that is started now and stopped by `stop`. */
export async function ensureEngine(report: Report): Promise<{ readonly stop: () => Promise<void> }> {
  if (await engineAnswers()) {
    await ensurePrograms(["docker", "debootstrap"], report);
    return { stop: async () => {} };
  }
  const installed = await ensurePrograms(Object.keys(packages), report);
  // Installing the package starts the engine as a service where there are services.
  if (installed && (await engineAnswers(SERVICE_SECONDS))) return { stop: async () => {} };
  return startEngine(report);
}

async function startEngine(report: Report): Promise<{ readonly stop: () => Promise<void> }> {
  report("starting dockerd; it is stopped when the tests are done");
  const folder = newFolder("dockerd-");
  const state = ["--exec-root", join(folder, "exec"), "--pidfile", join(folder, "pid")];
  // The usual data-root: images that took minutes to build are there again next time.
  const engine = await startGuarded({ folder, file: "dockerd", args: state, grace: 60 });
  for (
    const deadline = Date.now() + START_SECONDS * 1000;
    !engine.hasEnded() && Date.now() < deadline;
    await pause(200)
  ) {
    if (await engineAnswers()) return { stop: () => engine.stop() };
  }
  await engine.stop();
  throw new Error(`dockerd does not start:\n  ${engine.log().slice(-10).join("\n  ")}`);
}

/** Whether it answers, at once or within `seconds`. */
async function engineAnswers(seconds = 0): Promise<boolean> {
  for (const deadline = Date.now() + seconds * 1000; ; await pause(300)) {
    const asked = run("docker", ["version", "--format", "{{.Server.Version}}"]);
    if ((await within(asked, "an answer of docker version")).code === 0) return true;
    if (Date.now() >= deadline) return false;
  }
}

/** Whether something had to be installed. */
async function ensurePrograms(names: readonly string[], report: Report): Promise<boolean> {
  const missing: string[] = [];
  for (const name of names) if ((await run("sh", ["-c", `command -v ${name}`])).code !== 0) missing.push(name);
  if (missing.length === 0) return false;
  const wanted = [...new Set(missing.map((name) => packages[name] ?? name))];
  if (process.getuid?.() !== 0)
    throw new Error(`run as root, or install them first: apt-get install ${wanted.join(" ")}`);
  report(`installing ${wanted.join(", ")} (ISPYB_TEST=all)`);
  await apt(["update"]);
  await apt(["install", "--yes", "--no-install-recommends", ...wanted]);
  return true;
}

async function apt(args: readonly string[]): Promise<void> {
  const ended = await within(run("apt-get", ["-qq", ...args]), `apt-get ${args[0]}`, 600);
  if (ended.code !== 0) throw new Error(`apt-get ${args[0]} failed:\n  ${lastLines(ended.output).join("\n  ")}`);
}
