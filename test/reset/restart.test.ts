/** A restart of the server forgets the baseline: the next reset restores everything that was changed before. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { cloneDatabase } from "../../src/reset/clone.ts";
import { takePristine } from "../../src/reset/content.ts";
import { installReset } from "../../src/reset/install.ts";
import type { ServerBinary } from "../../src/server/binary.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import { type TestDatabase, onEveryServer, testDatabase } from "../support/servers.ts";
import { upgradedDatabases } from "../support/template.ts";
import { targetOf } from "../support/upgrade.ts";
import { pictureOf } from "./picture.ts";
import { ONE, TWIN } from "./test-databases.ts";

const prepared = inject("preparedLanes");

onEveryServer("a restart of the server", (lane) => {
  const state = prepared[lane.name];
  test("everything that was changed before it is restored after it", async () => {
    if (state?.kind !== "ready") throw new Error(`the lane ${lane.name} is not there`);
    const folder = await mkdtemp(join(tmpdir(), "ispyb-restart-"));
    try {
      const data = join(folder, "data");
      await cp(state.template, data, { recursive: true });
      const run = async (work: (server: TestDatabase) => Promise<void>) => {
        await using server = await started(state.binary, data);
        await work(testDatabase(server, lane, upgradedDatabases.official));
      };
      let twin: Record<string, string> = {};
      await run(async (server) => {
        await prepare(server);
        twin = await pictureOf(server, TWIN);
        for (const sql of rowsChange) await server.query(sql);
      });
      await run(async (server) => {
        expect(await server.query("SELECT name FROM ispyb_sandbox.baseline")).toEqual([]);
        await server.query(`CALL ispyb_sandbox.reset('${ONE}')`);
        expect(await pictureOf(server, ONE)).toEqual(twin);
        // A table that InnoDB does not count had no rows at the restart.
        await server.query(`INSERT INTO ${ONE}.Flat (name) VALUES ('mine')`);
        await server.query(`CALL ispyb_sandbox.reset('${ONE}')`);
        expect(await pictureOf(server, ONE)).toEqual(twin);
        for (const sql of definitionsChange) await server.query(sql);
      });
      await run(async (server) => {
        await server.query(`CALL ispyb_sandbox.reset('${ONE}')`);
        expect(await pictureOf(server, ONE)).toEqual(twin);
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

const rowsChange: readonly string[] = [
  `INSERT INTO ${ONE}.ProcessingPipelineCategory (name) VALUES ('mine')`,
  `UPDATE ${ONE}.ProcessingPipelineCategory SET name = 'changed' WHERE processingPipelineCategoryId = 1`,
];

const definitionsChange: readonly string[] = [
  `ALTER TABLE ${ONE}.ProcessingJob ADD COLUMN mine int`,
  `CREATE TABLE ${ONE}.mine (id int)`,
  `INSERT INTO ${ONE}.mine VALUES (1)`,
];

/** A server with the settings of a sandbox on these data, which stay. */
function started(binary: ServerBinary, directory: string) {
  const args = ["--innodb-stats-auto-recalc=0", "--table-definition-cache=4000", "--table-open-cache=8000"];
  return startPrivateServer(binary, { directory, args });
}

async function prepare(server: TestDatabase): Promise<void> {
  await using admin = await connect(targetOf(server));
  await installReset(admin);
  await server.query("CREATE TABLE Flat (name varchar(20)) ENGINE=MyISAM");
  const content = await takePristine(admin, server.database);
  for (const name of [ONE, TWIN]) {
    await server.query(`CREATE USER ${name}@'%' IDENTIFIED BY 'Plain.${name}.7'`);
    await cloneDatabase(admin, content, { name, account: name });
    await server.query(`CALL ispyb_sandbox.reset('${name}')`);
  }
}
