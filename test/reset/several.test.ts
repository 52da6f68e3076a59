/** Several databases of one server: at the same time, of one account, and of another one. */
import { expect, test } from "vitest";
import { cloneDatabase } from "../../src/reset/clone.ts";
import { contentOf } from "../../src/reset/check.ts";
import { onEveryServer } from "../support/servers.ts";
import { pictureOf } from "./picture.ts";
import { ONE, TWIN, type TestDatabases, testDatabases } from "./test-databases.ts";

const [SECOND, UNTOUCHED] = ["ispyb_1_more", "ispyb_untouched"] as const;

onEveryServer("resets of several databases", (lane) => {
  test("two workers at once, each with changes of every kind", async () => {
    await using databases = await testDatabases(lane);
    const { server } = databases;
    const pristine = await untouched(databases);
    for (let time = 0; time < 4; time++) {
      await Promise.all(
        [ONE, TWIN].map(async (name) => {
          for (let round = 0; round < 5; round++) {
            await change(databases, name, round);
            await databases.reset(name);
          }
        }),
      );
      for (const name of [ONE, TWIN]) expect(await pictureOf(server, name), `${name}, time ${time}`).toEqual(pristine);
    }
  });

  test("reset_all resets every database of the account, and none of another", async () => {
    await using databases = await testDatabases(lane);
    const { server, admin } = databases;
    const pristine = await untouched(databases);
    await cloneDatabase(admin, await contentOf(admin, ONE), { name: SECOND, account: ONE });
    for (const name of [ONE, TWIN]) await change(databases, name, 1);
    await server.query(`INSERT INTO ${SECOND}.ProcessingPipelineCategory (name) VALUES ('mine')`);
    const changed = await pictureOf(server, TWIN);
    expect(changed).not.toEqual(pristine);
    const session = await databases.plain();
    await session.query("CALL ispyb_sandbox.reset_all()");
    expect(await pictureOf(server, ONE)).toEqual(pristine);
    expect(await pictureOf(server, SECOND)).toEqual(pristine);
    expect(await pictureOf(server, TWIN)).toEqual(changed);
  });

  test("a database of another account stays as it is: the call is refused, and nothing of it is changed", async () => {
    await using databases = await testDatabases(lane);
    const { server } = databases;
    await change(databases, TWIN, 1);
    const changed = await pictureOf(server, TWIN);
    const session = await databases.plain(ONE);
    await expect(session.query(`CALL ispyb_sandbox.reset('${TWIN}')`)).rejects.toThrow(
      `${TWIN} belongs to account ${TWIN}: nothing was changed`,
    );
    expect(await pictureOf(server, TWIN)).toEqual(changed);
    await databases.reset(TWIN);
    expect(await pictureOf(server, TWIN)).toEqual(await pictureOf(server, ONE));
  });
});

/** The picture of a database that no test changes. */
async function untouched({ server, admin }: TestDatabases): Promise<Record<string, string>> {
  await cloneDatabase(admin, await contentOf(admin, ONE), { name: UNTOUCHED, account: TWIN });
  const picture = await pictureOf(server, UNTOUCHED);
  await admin.run("DELETE FROM ispyb_sandbox.registered WHERE name = ?", [UNTOUCHED]);
  return picture;
}

/** A row comes and one changes, and by turns nothing more, a new column, a lost table or a new one. */
async function change({ server }: TestDatabases, name: string, round: number): Promise<void> {
  const session = await server.connection();
  await session.query(`USE ${name}`);
  await session.query("INSERT INTO ProcessingPipelineCategory (name) VALUES ('mine')");
  await session.query("UPDATE ProcessingPipelineCategory SET name = 'changed' WHERE processingPipelineCategoryId = 1");
  if (round % 4 === 1) await session.query("ALTER TABLE ProcessingJob ADD COLUMN mine int");
  if (round % 4 === 2) await session.query("DROP TABLE ProcessingJobParameter");
  if (round % 4 === 3) await session.query("CREATE TABLE mine (id int)");
  session.destroy();
}
