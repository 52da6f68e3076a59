/** Every procedure as clients call it, on every flavour and server. Prints a table of what was compared. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadProcedures } from "../../src/repeatables/procedures/source.ts";
import type { OwnBase } from "../../src/base/base.ts";
import { type Lane, onEveryServer } from "../support/servers.ts";
import { callproc, tooLongForMysql } from "./call.ts";
import { type Story, calls } from "./client-calls.ts";
import { withProcedures } from "./with-procedures.ts";

const flavours: readonly OwnBase[] = ["official", "diamond"];
/** The one that is tested elsewhere, in every way that a job can be described. */
const elsewhere = "create_processing_job";

/** By procedure, then by flavour and server. */
const seen: Record<string, Record<string, string>> = {};

function outcome(procedure: string, flavour: OwnBase, { name }: Lane, what: string): void {
  (seen[procedure] ??= {})[`${flavour} ${name}`] = what;
}

test("no procedure is left out", async () => {
  const names = (await loadProcedures()).map(({ name }) => name).filter((name) => name !== elsewhere);
  expect(Object.keys(calls).toSorted()).toEqual(names);
});

onEveryServer("clients", (lane) => {
  describe.each(flavours)("on the flavour %s", (flavour) => {
    let story: Story;

    beforeAll(async () => {
      const db = await withProcedures(lane, flavour);
      story = { db, connection: await db.connection(), job: 0, program: 0 };
    });

    afterAll(() => story.db[Symbol.asyncDispose]());

    test.each(Object.entries(calls))("%s", async (procedure, call) => {
      outcome(procedure, flavour, lane, "different");
      outcome(procedure, flavour, lane, await call(story, procedure));
    });

    // Its variables have the procedure's name in theirs, for which MySQL has 64 characters: nothing that we could fix.
    test.runIf(lane.vendor === "mysql")("what mysql-connector cannot call on MySQL", async () => {
      for (const procedure of Object.keys(calls).filter(tooLongForMysql)) {
        await expect(callproc(story.connection, procedure, [1])).rejects.toMatchObject({ errno: 3061 });
        outcome(procedure, flavour, lane, "4 labels, not by mysql-connector");
      }
    });
  });
});

afterAll(() => {
  const places = [...new Set(Object.values(seen).flatMap((cells) => Object.keys(cells)))];
  const rows = Object.entries(seen).map(([name, cells]) => [name, ...places.map((place) => cells[place] ?? "")]);
  const table = [["", ...places], ...rows];
  const width = (at: number) => Math.max(...table.map((row) => row[at]?.length ?? 0));
  const lines = table.map((row) => row.map((cell, at) => cell.padEnd(width(at))).join("  "));
  console.log(lines.map((line) => line.trimEnd()).join("\n"));
});
