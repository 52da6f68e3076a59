/** Which sandboxes `sandbox stop` ends: an account of its own has no others. */
import { randomInt } from "node:crypto";
import { expect, inject, test } from "vitest";
import { isRoot, newUser } from "./new-user.ts";

const SERVER = "mariadb-10.11";

if (!isRoot) process.stderr.write("tests: SKIPPED: sandbox stop: only root can become an account without sandboxes\n");

test.skipIf(!isRoot)("stop ends the only sandbox; of several it ends the named one, or all", async () => {
  const lane = inject("preparedLanes")[SERVER];
  if (lane?.kind !== "ready") return expect.fail(`${SERVER} is not ready`);
  // No account has an id like this one.
  const { sandbox } = await newUser(randomInt(700_000_000, 800_000_000), lane.binary.file);
  const start = async () => {
    const { exit, stdout, stderr } = await sandbox(["--detach", "--json", "--server", SERVER]);
    expect(exit, stderr).toBe(0);
    return (JSON.parse(stdout) as { readonly id: string }).id;
  };
  const listed = async () => {
    const { stdout } = await sandbox(["list", "--json"]);
    return (JSON.parse(stdout) as { sandboxes: readonly { id: string }[] }).sandboxes.map(({ id }) => id).toSorted();
  };
  try {
    expect(await sandbox(["stop"])).toMatchObject({ exit: 0, stdout: "no sandbox is running\n" });
    const [first, second, third] = [await start(), await start(), await start()];
    const refused = await sandbox(["stop"]);
    expect(refused).toMatchObject({ exit: 64, stdout: "" });
    expect(refused.stderr).toContain("error USAGE: several sandboxes are running");
    for (const id of [first, second, third])
      expect(refused.stderr).toMatch(new RegExp(` ${id}: mariadbd 10.* since 2`));
    expect(refused.stderr).toMatch(/sandbox stop all +# stops all of them/);
    expect(await listed()).toEqual([first, second, third].toSorted());
    expect(await sandbox(["stop", third])).toMatchObject({ exit: 0, stdout: `stopped ${third}\n` });
    expect(await sandbox(["stop", "all"])).toMatchObject({ exit: 0, stdout: `stopped ${first}, ${second}\n` });
    const last = await start();
    expect(await sandbox(["stop"])).toMatchObject({ exit: 0, stdout: `stopped ${last}\n` });
    expect(await listed()).toEqual([]);
  } finally {
    await sandbox(["stop", "all"]);
  }
});
