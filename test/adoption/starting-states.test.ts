/**
 * Every starting state on every server that can hold it: existing objects are adopted, missing ones are created, no row
 * of the facility is changed except those that the state names, and `down` undoes what is ours.
 */
import { describe, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { type MakeDatabase, sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf, migrationNames, takeDown, upgrade } from "../support/upgrade.ts";
import { diamondStates } from "./diamond-states.ts";
import { checksumsOf, holdingsOf, ledgerOf } from "./facility-rows.ts";
import { officialStates } from "./official-states.ts";
import type { State } from "./state.ts";

const states = [...officialStates, ...diamondStates];

async function inState(makeDatabase: MakeDatabase, { base, sql }: State): Promise<TestDatabase> {
  const db = await makeDatabase(base);
  for (const statement of sql) await db.query(statement);
  return db;
}

/** Titles of the steps of migrations by what the journal says of them. */
async function recorded(db: TestDatabase, state: "done" | "found"): Promise<string[]> {
  const names = await migrationNames();
  const rows = (await journalOf(db)).filter((row) => names.includes(String(row["migration"])) && row["step"] !== 0);
  return rows.filter((row) => row["state"] === state).map((row) => String(row["what"]));
}

onEveryServer("starting state", (lane) => {
  const makeDatabase = sharedServer(lane);

  for (const state of states) {
    const possible = state.lanes?.includes(lane.name) ?? true;

    test.skipIf(!possible)(state.name, async () => {
      await using db = await inState(makeDatabase, state);
      for (const statement of state.conflict?.remedy ?? []) await db.query(statement);
      const [catalog, holdings] = [await catalogOf(db), await holdingsOf(db)];
      const { fills = {} } = state;
      const [rows, ledger] = [await checksumsOf(db, holdings, { fills }), await ledgerOf(db)];

      const { before, recorded: names } = await upgrade(db);
      const planned = before.migrations.flatMap(({ steps }) => steps);
      const absent = planned.filter(({ verdict }) => verdict.state === "absent").map(({ title }) => title);
      expect(absent.toSorted()).toEqual(state.done.toSorted());
      expect((await recorded(db, "done")).toSorted()).toEqual(state.done.toSorted());
      expect((await recorded(db, "found")).length).toBe(planned.length - state.done.length);
      expect(names).toEqual(await migrationNames());

      const verify = await runOn(db, ["verify"]);
      expect(verify.exit, verify.stderr + verify.stdout).toBe(0);
      expect(await checksumsOf(db, holdings, state)).toEqual(rows);

      const { plan } = await takeDown(db, { allowDataLoss: false });
      expect(plan.everything).toBe(true);
      expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
      expect(await checksumsOf(db, holdings, { fills })).toEqual(rows);
      expect(await ledgerOf(db)).toEqual(ledger);
    });
  }

  describe("refused before anything is changed", () => {
    for (const state of states.filter(({ conflict }) => conflict !== undefined)) {
      test(state.name, async () => {
        await using db = await inState(makeDatabase, state);
        const [catalog, holdings] = [await catalogOf(db), await holdingsOf(db)];
        const rows = await checksumsOf(db, holdings);

        const up = await runOn(db, ["up", "--yes"]);
        expect(up.exit).toBe(4);
        for (const said of state.conflict?.says ?? []) expect(up.stderr).toContain(said);
        expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
        expect(await checksumsOf(db, holdings)).toEqual(rows);
        expect(await db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'")).toEqual([]);

        for (const statement of state.conflict?.remedy ?? []) await db.query(statement);
        const again = await runOn(db, ["up", "--yes"]);
        expect(again.exit, again.stderr).toBe(0);
      });
    }
  });
});
