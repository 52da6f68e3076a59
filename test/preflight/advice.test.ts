/** What the refusal of a conflict prints is run as it is printed, each way out by itself, and the next `up` goes through. */
import { expect, test } from "vitest";
import { statements } from "../../src/base/split-script.ts";
import { runOn } from "../cli/run-cli.ts";
import { onEveryServer } from "../support/servers.ts";
import { shareOfCases } from "../support/share.ts";
import { sharedServer } from "../support/shared-server.ts";
import { bring, conflictStates } from "./conflict-states.ts";

/** The statements of one way out for each table: the first one, or where there are two the second one. */
function chosen(next: readonly string[], way: number): string[] {
  const tables: string[][][] = [];
  for (const text of next.filter((each) => !isCommand(each))) {
    if (text.startsWith("or, ")) tables.at(-1)?.push([]);
    else if (text.endsWith(":")) tables.push([[]]);
    else tables.at(-1)?.at(-1)?.push(text);
  }
  return tables.flatMap((ways) => ways[Math.min(way, ways.length - 1)] ?? []);
}

function isCommand(text: string): boolean {
  return text.startsWith("ispyb-migrate ");
}

onEveryServer("advice", (lane) => {
  const makeDatabase = sharedServer(lane);

  const solvable = conflictStates.filter(({ onlySkip }) => onlySkip !== true);

  test.each(shareOfCases(lane, solvable, 3))("$name", async (state) => {
    let tried = "";
    for (const way of [0, 1]) {
      await using db = await makeDatabase("official");
      if (state.after !== undefined) expect((await runOn(db, ["up", "--yes", "--to", state.after])).exit).toBe(0);
      await bring(db, state);
      const { exit, stdout, stderr } = await runOn(db, ["up", "--yes", "--json"]);
      expect(exit, stderr).toBe(4);
      const { error } = JSON.parse(stdout) as { error: { found: string | string[]; next: string[] } };
      expect([error.found].flat().join("\n"), "as SQL").not.toContain("{");
      const script = chosen(error.next, way).join("\n");
      if (script === tried) continue;
      tried = script;
      const session = await db.connection();
      for (const { sql } of statements(script)) await session.query(sql);
      const retry = error.next.find((text) => isCommand(text) && !text.includes("--skip"));
      const up = await runOn(db, ["up", "--yes", ...(retry?.includes(" --repair ") === true ? ["--repair"] : [])]);
      expect(up.exit, up.stderr).toBe(0);
      expect((await runOn(db, ["verify"])).exit).toBe(0);
    }
    expect(tried).not.toBe("");
  });
});
