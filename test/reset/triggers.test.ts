/** Triggers on INSERT and DELETE, which a restore of rows would fire: they write rows that no baseline knows. */
import { expect, test } from "vitest";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { takePristine } from "../../src/reset/content.ts";
import { installReset } from "../../src/reset/install.ts";
import { onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { pictureOf } from "./picture.ts";
import { ONE, TWIN, type TestDatabases, testDatabases } from "./test-databases.ts";

/** `came_too` fires before `came`, as they were made, so their order has to be kept. */
const firing: readonly string[] = [
  "CREATE TABLE Trail (id int AUTO_INCREMENT PRIMARY KEY, what varchar(40))",
  "INSERT INTO Trail (what) VALUES ('kept')",
  "CREATE TRIGGER marked BEFORE INSERT ON ProcessingPipelineCategory FOR EACH ROW SET NEW.name = CONCAT(NEW.name, '!')",
  "CREATE TRIGGER came_too AFTER INSERT ON ProcessingPipelineCategory FOR EACH ROW INSERT INTO Trail (what) VALUES ('came')",
  "CREATE TRIGGER came AFTER INSERT ON ProcessingPipelineCategory FOR EACH ROW INSERT INTO Trail (what) VALUES ('and again')",
  "CREATE TRIGGER went BEFORE DELETE ON ProcessingPipelineCategory FOR EACH ROW INSERT INTO Trail (what) VALUES ('went')",
  "CREATE TRIGGER trailed AFTER DELETE ON Trail FOR EACH ROW UPDATE ProcessingPipelineCategory SET name = 'lost'",
];

onEveryServer("triggers that a restore would fire", (lane) => {
  test("no row is written by them, or the content is refused by their name", async () => {
    await using server = await upgradedDatabase(lane, "official");
    for (const sql of firing) await server.query(sql);
    await using admin = await connect(targetOf(server));
    await installReset(admin);
    if ((await readServer(admin)).dialect.can.prepareReplaceProcedure) {
      await takePristine(admin, server.database);
      return;
    }
    await expect(takePristine(admin, server.database)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(/(?:came|came_too|marked|went|trailed) cannot be reset: .*INSERT or DELETE in/),
    });
    expect(await server.query("SELECT id FROM ispyb_sandbox.content")).toEqual([]);
    expect(await server.query("SHOW DATABASES LIKE 'ispyb\\_sandbox\\_pristine%'")).toEqual([]);
  });

  test("where they are taken away and made again, the reset is exact", async () => {
    await using server = await upgradedDatabase(lane, "official");
    await using probe = await connect(targetOf(server));
    if (!(await readServer(probe)).dialect.can.prepareReplaceProcedure) return;
    await using databases = await testDatabases(lane, { before: firing });
    const twin = await pictureOf(databases.server, TWIN);
    for (let time = 0; time < 3; time++) {
      await change(databases);
      await databases.reset();
      expect(await pictureOf(databases.server, ONE), `time ${time}`).toEqual(twin);
    }
    // Killed at any moment: the triggers may be gone then, and come back with the next reset.
    for (const pause of [1, 2, 4, 8, 12, 20]) {
      await change(databases);
      const session = await databases.plain();
      const call = session.query(`CALL ispyb_sandbox.reset('${ONE}')`).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, pause));
      session.destroy();
      await databases.server.query(`KILL ${session.threadId}`).catch(() => {});
      await Promise.race([call, new Promise((resolve) => setTimeout(resolve, 500))]);
      // A trigger that the killed session was reading counts as broken until its table is opened again (MariaDB 10.11):
      // that reset says so, and the next one is exact.
      await databases.reset().catch(async (error: unknown) => {
        expect(error).toMatchObject({ message: expect.stringMatching(/^not reset: .* has an error in its body/) });
        await databases.reset();
      });
      expect(await pictureOf(databases.server, ONE), `killed after ${pause} ms`).toEqual(twin);
    }
  });
});

/** Rows of the tables with triggers come and go. */
async function change({ plain }: TestDatabases): Promise<void> {
  const session = await plain();
  await session.query("INSERT INTO ProcessingPipelineCategory (name) VALUES ('mine')");
  await session.query("DELETE FROM ProcessingPipelineCategory WHERE name = 'mine!'");
  session.destroy();
}
