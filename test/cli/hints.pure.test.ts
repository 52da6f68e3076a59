/** A password on the command line is refused, and repeated nowhere: hints repeat the options of the command line. */
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { startInProcess } from "../support/in-process.ts";

const password = "geheim-17";
const words = { show: ["5"], seed: ["remove"] } as const;

describe.each([
  ["a URL", `mysql://migrator:${password}@127.0.0.1:1/ispyb`],
  ["a URL that is not valid", `mysql://migrator:${password}@127.0.0.1:port/ispyb`],
  ["a URL with a parameter", `mysql://migrator@127.0.0.1:1/ispyb?password=${password}`],
])("%s with a password", (_, url) => {
  const withDatabase = commands.filter(({ needs }) => needs === "database").map(({ name }) => name);

  test.each(withDatabase)("%s", async (name) => {
    const more = name === "show" || name === "seed" ? words[name] : [];
    for (const form of [[], ["--verbose"], ["--json", ...(["up", "down", "seed"].includes(name) ? ["--yes"] : [])]]) {
      const { exit, stdout, stderr } = await startInProcess([name, ...more, "--url", url, ...form]).ended;
      expect([exit, stdout + stderr]).toEqual([64, expect.not.stringContaining(password)]);
    }
  });

  test("the list of stories reads no URL, and prints none", async () => {
    const { exit, stdout, stderr } = await startInProcess(["seed", "--url", url]).ended;
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("ispyb-migrate seed STORY...");
    expect(stdout).not.toContain(password);
  });
});
