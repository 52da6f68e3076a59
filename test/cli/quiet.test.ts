/** `--quiet`, for logs: nothing on stderr but what changes the meaning of the result. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { runCli, runOn } from "./run-cli.ts";

onEveryServer("--quiet", (lane) => {
  test("of a whole life leaves the results, each as without it", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const file = (name: string) => join(folder.path, name);
    const steps: readonly (readonly string[])[] = [
      ["plan", "--sql", file("script.sql")],
      ["up", "--yes"],
      ["status"],
      ["verify"],
      ["seed", "multi-sweep", "--yes"],
      ["seed", "generate", "300", "--yes"],
      ["show", "1", "--svg", file("job.svg")],
      ["seed", "remove", "generated-1", "multi-sweep", "--yes"],
      ["down", "--last", "1", "--yes"],
    ];
    for (const args of steps) {
      const { exit, stdout, stderr } = await runOn(db, [...args, "--quiet"]);
      // What the server warns of stays; MySQL warns of a name in our statements.
      const told = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("    the server warns: "));
      expect([args, exit, told]).toEqual([args, 0, []]);
      expect(stdout, args.join(" ")).not.toBe("");
    }
    const loud = await runOn(db, ["plan", "--sql", file("script.sql")]);
    expect(loud.stderr).toContain("the script is in");
    const quiet = await runOn(db, ["plan", "--sql", file("script.sql"), "--quiet"]);
    expect(quiet).toEqual({ ...loud, stderr: "" });
    expect((await runOn(db, ["up", "--yes"])).stderr).toMatch(/^ {2}✓ /m);
  });

  test("leaves errors, questions with what they are about, and statements that --verbose asks for", async () => {
    await using db = await freshDatabase(lane, "official");
    const asked = await runOn(db, ["up", "--quiet"]);
    expect(asked).toMatchObject({ exit: 64, stdout: "" });
    expect(asked.stderr).toMatch(/2017_10_16_1_processing_job_tables[^]*error NO_TERMINAL: /);
    // The answer is given, so that nothing has to be read.
    const answered = await runOn(db, ["up", "--to", "2017_10_16_1_processing_job_tables", "--yes", "--quiet"]);
    expect(answered).toMatchObject({ exit: 0, stderr: "" });
    const traced = await runOn(db, ["status", "--quiet", "--verbose"]);
    expect(traced.stderr).toContain("SELECT");
    expect((await runOn(db, ["show", "77", "--quiet"])).stderr).toMatch(/^error NOT_MIGRATED: /);
  });

  test("leaves what an account could not do, because the plan alone reads as if it could", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE USER reader@'%' IDENTIFIED BY 'reader'");
    await db.query(`GRANT SELECT ON \`${db.database}\`.* TO reader@'%'`);
    const { exit, stderr } = await runOn(db, ["plan", "--quiet"], { user: "reader", password: "reader" });
    expect(exit, stderr).toBe(0);
    expect(stderr).toMatch(/^note: `up` would refuse now: /);
  });
});

test("--quiet holds for commands without a database, too", async () => {
  expect(await runCli(["seed", "--quiet"])).toMatchObject({ exit: 0, stderr: "" });
  const refused = await runCli(["completion", "ksh", "--quiet"]);
  expect(refused).toMatchObject({ exit: 64, stdout: "", stderr: expect.stringMatching(/^error USAGE: /) });
});
