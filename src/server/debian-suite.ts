/**
 * Packages of another release than the machine's own: where Debian's suites are, with which keys they are signed, and
 * which packages a server needs to run without any other package of this machine.
 */
import { existsSync } from "node:fs";
import { type Apt, Unavailable, tool } from "./apt.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * The line of a sources list for this suite. Where the machine has no keys of Debian (Ubuntu), `fetchKeyring` gets them
 * out of a package that the machine's own distribution has signed.
 */
export async function sourceOf(suite: string, fetchKeyring: () => Promise<string>): Promise<string> {
  const keyring = existsSync(KEYRING) ? KEYRING : await fetchKeyring();
  return `deb [signed-by=${keyring}] ${await debianMirror()} ${suite} main`;
}

/** The Debian mirror of this machine's own sources. Throws Unavailable if they name none. */
export async function debianMirror(): Promise<string> {
  const format = "$(SITE) $(COMPONENT) $(LABEL)";
  const { stdout } = await tool("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], "/");
  const sources = stdout.split("\n").map((line) => line.split(" "));
  // The label is in the downloaded lists, which images of containers have removed.
  const own =
    sources.find(([, , label]) => label === "Debian") ??
    sources.find(
      ([site = "", component, label = ""]) => label === "" && component === "main" && /\/debian\/?$/.test(site),
    );
  const [mirror] = own ?? [];
  if (mirror === undefined) throw new Unavailable("the package sources of this machine name no mirror of Debian");
  return mirror;
}

/** Packages of shared libraries: all that a server loads, libc and its loader included. */
const LIBRARY = /^(?:lib|zlib1g$)/;

/**
 * The package and every package of libraries that it needs. Other packages (perl, debconf, ca-certificates) serve their
 * installation scripts, which are not run; what only these need is left out with them.
 */
export async function closureOf(apt: Apt, name: string): Promise<string[]> {
  // apt chooses between alternatives, and leaves nothing out: no package counts as installed.
  const simulated = await apt.get("-s", "install", name);
  const chosen = [...simulated.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  const needs = dependenciesIn(await apt.cache("depends", ...chosen));
  const closure = new Set([name]);
  for (const one of closure) {
    for (const needed of needs.get(one) ?? []) {
      if (LIBRARY.test(needed) && chosen.includes(needed)) closure.add(needed);
    }
  }
  return [...closure];
}

/** What `apt-cache depends` printed: a package at the margin, below it what it needs. */
function dependenciesIn(printed: string): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  let list: string[] = [];
  for (const line of printed.split("\n")) {
    const needed = /^[ |]+(?:Pre)?Depends: (\S+)/.exec(line)?.[1];
    if (needed !== undefined) list.push(needed);
    else if (/^\S/.test(line)) needs.set(line.trim(), (list = []));
  }
  return needs;
}
