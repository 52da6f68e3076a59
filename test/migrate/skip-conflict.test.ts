/** A migration that is in conflict is skipped with all that needs it, by the one command that the refusal prints. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn } from "../cli/run-cli.ts";
import { bring, conflictStates } from "../preflight/conflict-states.ts";
import { onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { shareOfCases } from "../support/share.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf } from "../support/upgrade.ts";

onEveryServer("skip what is in conflict", (lane) => {
  const makeDatabase = sharedServer(lane);

  const skippable = conflictStates.filter(({ neverSkip }) => neverSkip !== true);

  test.each(shareOfCases(lane, skippable, 2))("$name", async (state) => {
    await using db = await makeDatabase("official");
    if (state.after !== undefined) expect((await runOn(db, ["up", "--yes", "--to", state.after])).exit).toBe(0);
    await bring(db, state);
    const changed = await catalogOf(db);
    const refusal = await runOn(db, ["up", "--yes"]);
    expect(refusal.exit).toBe(4);
    const commands = [...refusal.stderr.matchAll(/ up .*--skip (\S+) --reason/g)].map(([, names]) => names ?? "");
    expect(commands, refusal.stderr).toHaveLength(1);
    const up = await runOn(db, ["up", "--yes", "--skip", commands[0] ?? "", "--reason", "ours is older"]);
    expect(up.exit, up.stderr).toBe(0);

    expect((await runOn(db, ["up", "--yes"])).stdout).toContain("nothing was pending");
    for (const command of ["status", "verify", "plan"]) {
      const { exit, stdout } = await runOn(db, [command]);
      expect([exit, stdout], command).toEqual([0, expect.stringContaining("because: ours is older")]);
    }
    // Each of them would be refused: no command is printed that applies it.
    expect((await runOn(db, ["status"])).stdout).not.toContain("--unskip");
    const to = ["--to", "2017_10_16_1_processing_job_tables"];
    const down = await runOn(db, ["down", "--yes", ...to]);
    expect(down.exit, down.stderr).toBe(0);
    if (state.after === undefined) expect(compareCatalogs(changed, await catalogOf(db))).toEqual([]);
    expect(await db.query("SHOW TABLES LIKE 'ispyb_migrate%'")).toEqual([]);
  });

  test("what is applied cannot be skipped, and no command says so", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("ALTER TABLE AutoProcProgram MODIFY jobUuid char(36)");
    const { exit, stderr } = await runOn(db, ["up", "--yes"]);
    expect([exit, stderr]).toEqual([4, expect.stringContaining("error CONFLICT")]);
    expect(stderr).not.toContain("--skip");
  });

  test("a skip that others need is refused with both ways out, and each of them works", async () => {
    const tables = "2017_10_16_1_processing_job_tables";
    for (const way of ["with the others", "not at all"]) {
      await using db = await makeDatabase("official");
      const { exit, stderr } = await runOn(db, ["up", "--yes", "--skip", tables, "--reason", "ours is older"]);
      expect(exit, stderr).toBe(4);
      const skipped = /--skip (\S+) --reason 'ours is older'/.exec(stderr)?.[1] ?? "";
      expect(skipped.split(","), stderr).toEqual(
        expect.arrayContaining([tables, "2019_01_14_parameter_value_1024", "procedures/upsert_processing_job"]),
      );
      expect(stderr).toMatch(new RegExp(`up --url \\S+ +# applies ${tables}, too`));
      const args = way === "not at all" ? [] : ["--skip", skipped, "--reason", "ours is older"];
      const up = await runOn(db, ["up", "--yes", ...args]);
      expect(up.exit, up.stderr).toBe(0);
      if (way === "not at all") continue;

      // Later, one of them alone: the command that is printed names what it needs.
      const one = await runOn(db, ["up", "--yes", "--unskip", "2019_01_14_parameter_value_1024"]);
      expect(one.exit).toBe(4);
      const both = / up --unskip (\S+)/.exec(one.stderr)?.[1] ?? "";
      expect(both.split(","), one.stderr).toContain(tables);
      const applied = await runOn(db, ["up", "--yes", "--unskip", both]);
      expect(applied.exit, applied.stderr).toBe(0);
    }
  });
});
