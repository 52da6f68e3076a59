/** Whatever writes is refused on a replica. Each kind of replica: right-server.test.ts. */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { otherDatabase, replicaArguments, replicaStatements } from "../support/replica.ts";
import { toolTables } from "../support/proxy-situations.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { upgradedDatabases } from "../support/template.ts";

/** Nothing listens there. */
const nowhere = [1, { file: "changes.000001", position: 4 }] as const;

onEveryServer("a replica", (lane) => {
  test("whatever writes is refused, read-only or not, and the printed command works", async () => {
    await using db = await databaseStartedWith(lane, "official", replicaArguments);
    const { from, start } = replicaStatements(lane);
    await db.query(from(...nowhere));
    await db.query(start());
    const upgraded = otherDatabase(db, upgradedDatabases.official);
    const commands: [TestDatabase, string[]][] = [
      [db, ["up", "--yes"]],
      [upgraded, ["down", "--last", "1", "--yes"]],
      [upgraded, ["seed", "multi-sweep", "--yes"]],
      [upgraded, ["seed", "generate", "3", "--yes"]],
      [otherDatabase(db, "tests"), ["provision", "--yes"]],
    ];
    for (const readOnly of ["ON", "OFF"]) {
      await db.query(`SET GLOBAL read_only = ${readOnly}`);
      for (const [on, args] of commands) {
        const { exit, stderr } = await runOn(on, args);
        expect(exit, stderr).toBe(4);
        expect(stderr, args.join(" ")).toContain("error SERVER_IS_REPLICA: ");
        expect(stderr).toMatch(new RegExp(`ispyb-migrate ${args[0]} .*--on-replica`));
      }
    }
    expect(await toolTables(db)).toEqual([]);
    expect(await db.query("SHOW DATABASES LIKE 'ispyb\\_test%'")).toEqual([]);
    for (const args of [
      ["seed", "multi-sweep"],
      ["seed", "remove", "multi-sweep"],
      ["down", "--last", "1"],
    ]) {
      const { exit, stderr } = await runOn(upgraded, [...args, "--yes", "--on-replica"]);
      expect(exit, stderr).toBe(0);
    }
  });
});
