/** `provision` on servers with default settings for statistics and caches. */
import { expect, test } from "vitest";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { ask } from "../support/ask.ts";
import { inventoryOf, provisioned, run } from "./provisioning.ts";

onEveryServer("provision", (lane) => {
  test("makes databases with accounts of their own, that plain accounts reset", async () => {
    await using server = await freshDatabase(lane, "empty");
    const databases = await provisioned(server, ["multi-sweep", "--workers", "2"]);
    expect(databases.map(({ name, treatment }) => [name, treatment])).toEqual([
      ["ispyb_1", "created"],
      ["ispyb_2", "created"],
    ]);
    for (const { name, url } of databases) {
      expect(await ask(url, "SELECT COUNT(*) AS jobs FROM ProcessingJob")).toEqual([{ jobs: 1 }]);
      await ask(url, "DELETE FROM ProcessingJob");
      await ask(url, "INSERT INTO ProcessingJob (displayName) VALUES ('a test')");
      await ask(url, `CALL ispyb_sandbox.reset('${name}')`);
      const [job] = await ask<{ jobs: number; name: string }>(
        url,
        "SELECT COUNT(*) AS jobs, SUM(displayName = 'a test') AS mine FROM ProcessingJob",
      );
      expect(job).toMatchObject({ jobs: 1, mine: "0" });
    }
    const [first, second] = databases;
    await expect(ask(first?.url ?? "", "SELECT 1 FROM ispyb_2.ProcessingJob")).rejects.toThrow(/denied/);
    await expect(ask(first?.url ?? "", `CALL ispyb_sandbox.reset('${second?.name}')`)).rejects.toThrow(/belongs to/);
  });

  test("a second call resets, also what no procedure can put back, and adds what is missing", async () => {
    await using server = await freshDatabase(lane, "empty");
    const [before] = await provisioned(server);
    await ask(before?.url ?? "", "DROP PROCEDURE upsert_processing_job");
    await ask(before?.url ?? "", "CREATE TABLE mine (id int)");
    const call = ask(before?.url ?? "", "CALL ispyb_sandbox.reset('ispyb_1')");
    // Where a procedure cannot create procedures, its error names this command: MySQL, and MariaDB before 10.11.
    if (lane.vendor === "mysql" || lane.name === "mariadb-10.5")
      await expect(call).rejects.toThrow(/upsert_processing_job .*Run: ispyb-migrate provision/);
    else await call;
    const again = await provisioned(server, ["--workers", "3"]);
    expect(again.map(({ treatment }) => treatment)).toEqual(["reset", "created", "created"]);
    const objects = (name: string) =>
      server.query(
        "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? UNION ALL " +
          "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? ORDER BY name",
        [name, name],
      );
    expect(await objects("ispyb_1")).toEqual(await objects("ispyb_2"));
    await expect(ask(before?.url ?? "", "SELECT 1")).rejects.toThrow(/denied/);
    // What a user took away is made again.
    await server.query("DROP DATABASE ispyb_2");
    await server.query("DROP USER ispyb_3");
    const third = await provisioned(server, ["--workers", "3"]);
    expect(third.map(({ treatment }) => treatment)).toEqual(["reset", "created", "replaced"]);
    for (const { url } of third) expect(await ask(url, "SELECT COUNT(*) AS n FROM ProcessingJob")).toEqual([{ n: 0 }]);
  });

  test("another content replaces its own databases, after a question, and no others", async () => {
    await using server = await freshDatabase(lane, "empty");
    await provisioned(server, ["--workers", "2"]);
    const [other] = await provisioned(server, ["non-mx", "--database", "mine"]);
    const refused = await run(server, ["multi-sweep"]);
    expect(refused).toMatchObject({ exit: 64, stderr: expect.stringContaining("Replace ispyb_1 on root@") });
    expect(await server.query("SELECT COUNT(*) AS jobs FROM ispyb_1.ProcessingJob")).toEqual([{ jobs: 0 }]);
    const [replaced] = await provisioned(server, ["multi-sweep"]);
    expect(replaced?.treatment).toBe("replaced");
    expect(await ask(replaced?.url ?? "", "SELECT COUNT(*) AS jobs FROM ProcessingJob")).toEqual([{ jobs: 1 }]);
    expect(await server.query("SELECT COUNT(*) AS jobs FROM ispyb_2.ProcessingJob")).toEqual([{ jobs: 0 }]);
    await ask(other?.url ?? "", "CALL ispyb_sandbox.reset('mine_1')");
  });

  test("removes what it made, and nothing else", async () => {
    await using server = await freshDatabase(lane, "empty");
    const before = await inventoryOf(server);
    expect(await run(server, ["remove"])).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/ has no test database with a name like ispyb_1$/m),
    });
    await provisioned(server, ["--workers", "2"]);
    await provisioned(server, ["non-mx", "--database", "mine"]);
    expect(await run(server, ["remove"])).toMatchObject({ exit: 64 });
    const removed = await run(server, ["remove", "--yes"]);
    expect(removed).toMatchObject({ exit: 0, stdout: "dropped ispyb_1, ispyb_2\n" });
    expect(await server.query("SELECT COUNT(*) AS n FROM mine_1.ProcessingJob")).toHaveLength(1);
    expect(await run(server, ["remove", "--database", "mine", "--yes", "--json"])).toMatchObject({ exit: 0 });
    expect(await inventoryOf(server)).toEqual(before);
  });
});
