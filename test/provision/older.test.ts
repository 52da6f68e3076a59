/** A server that was provisioned by another version of this tool, whose schema `ispyb_sandbox` has other tables. */
import { expect, test } from "vitest";
import type { FailureDocument } from "../../src/documents/failure.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { ask } from "../support/ask.ts";
import { inventoryOf, provisioned, run } from "./provisioning.ts";

onEveryServer("a server provisioned by another version", (lane) => {
  test("is made again, with every database of the name that was asked for", async () => {
    await using server = await freshDatabase(lane, "empty");
    const before = await inventoryOf(server);
    await provisioned(server, ["--workers", "3"]);
    await makeOld(server);
    // Their data would be lost, so the question comes first.
    const refused = await run(server, ["--workers", "2"]);
    expect(refused).toMatchObject({ exit: 64, stderr: expect.stringContaining("Replace ispyb_1, ispyb_2") });
    expect(await server.query("SELECT COUNT(*) AS n FROM ispyb_3.ProcessingJob")).toEqual([{ n: 0 }]);
    const databases = await provisioned(server, ["multi-sweep", "--workers", "2"]);
    expect(databases.map(({ treatment }) => treatment)).toEqual(["replaced", "replaced"]);
    for (const { name, url } of databases) {
      await ask(url, "DELETE FROM ProcessingJob");
      await ask(url, `CALL ispyb_sandbox.reset('${name}')`);
      expect(await ask(url, "SELECT COUNT(*) AS jobs FROM ProcessingJob")).toEqual([{ jobs: 1 }]);
      expect((await ask<[]>(url, `CALL ispyb_sandbox.check('${name}')`))[0]).toEqual([]);
    }
    expect(await server.query("SHOW DATABASES LIKE 'ispyb\\_3'")).toEqual([]);
    expect(await run(server, ["remove", "--yes"])).toMatchObject({ exit: 0 });
    expect(await inventoryOf(server)).toEqual(before);
  });

  test("keeps databases of other names: the error names the command that drops them, and it works", async () => {
    await using server = await freshDatabase(lane, "empty");
    await provisioned(server);
    await provisioned(server, ["non-mx", "--database", "mine"]);
    await makeOld(server);
    const before = await inventoryOf(server);
    const { exit, stdout } = await run(server, ["--json", "--yes"]);
    expect(exit).not.toBe(0);
    const { error } = JSON.parse(stdout) as { error: FailureDocument };
    expect(error).toMatchObject({ code: "CONFLICT", where: "ispyb_sandbox", found: ["mine_1"] });
    expect(error.next.join("\n")).toContain("provision remove --database mine");
    expect(await inventoryOf(server)).toEqual(before);
    expect(await run(server, ["remove", "--database", "mine", "--yes"])).toMatchObject({ exit: 0 });
    const [database] = await provisioned(server);
    expect(database?.treatment).toBe("replaced");
    await ask(database?.url ?? "", "CALL ispyb_sandbox.reset('ispyb_1')");
  });
});

/** Tables as they were before `check`, which the procedures of this version cannot work with. */
async function makeOld(server: TestDatabase): Promise<void> {
  await server.query("ALTER TABLE ispyb_sandbox.object DROP COLUMN check_sql, DROP COLUMN own_changes");
  await server.query("DROP TABLE ispyb_sandbox.content_object");
  await server.query("UPDATE ispyb_sandbox.installation SET form = REPEAT('a', 64)");
}
