/** A reset makes a database what its twin is, which no test touches. Both are compared over the raw driver. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { checkDatabase } from "../../src/reset/check.ts";
import { resetDatabase } from "../../src/reset/reset.ts";
import { onEveryServer } from "../support/servers.ts";
import { besides } from "./changes.ts";
import { pictureOf } from "./picture.ts";
import { ONE, TWIN, testDatabases } from "./test-databases.ts";
import { inSandbox } from "./users-way.ts";

onEveryServer("an exact reset", (lane) => {
  test("a new database is its content; a reset of nothing changes nothing", async () => {
    await using databases = await testDatabases(lane);
    const { server, admin, reset } = databases;
    const twin = await pictureOf(server, TWIN);
    expect(await checkDatabase(admin, ONE)).toEqual([]);
    await reset();
    await reset();
    expect(await pictureOf(server, ONE)).toEqual(twin);
  });

  test("rows, lookup rows and counters", async () => {
    await using databases = await testDatabases(lane);
    const { server, admin, plain, reset } = databases;
    await reset();
    const session = await plain();
    await session.query("INSERT INTO ProcessingPipelineCategory (name) VALUES ('mine')");
    await session.query(
      "UPDATE ProcessingPipelineCategory SET name = 'changed' WHERE processingPipelineCategoryId = 1",
    );
    expect(await checkDatabase(admin, ONE)).not.toEqual([]);
    await reset();
    expect(await pictureOf(server, ONE)).toEqual(await pictureOf(server, TWIN));
    expect(await checkDatabase(admin, ONE)).toEqual([]);
  });

  test("a table whose counter was set back is not made again when another one is altered", async () => {
    await using databases = await testDatabases(lane);
    const { server, plain, reset } = databases;
    const idsOf = async () => {
      await server.query(`CALL ispyb_sandbox.look('${ONE}')`);
      return server.query(
        "SELECT file_name, table_id FROM ispyb_sandbox.seen " +
          "WHERE file_name IN ('ProcessingPipelineCategory', 'ProcessingJob', 'AutoProcProgram') ORDER BY file_name",
      );
    };
    const session = await plain();
    await reset();
    const before = await idsOf();
    await session.query("INSERT INTO ProcessingPipelineCategory (name) VALUES ('mine')");
    await session.query("INSERT INTO ProcessingJob (displayName) VALUES ('mine')");
    await session.query("INSERT INTO AutoProcProgram (processingCommandLine) VALUES ('mine')");
    await reset();
    await session.query("ALTER TABLE SchemaStatus ADD COLUMN mine int");
    await reset();
    expect(await idsOf()).toEqual(before);
    expect(await pictureOf(server, ONE)).toEqual(await pictureOf(server, TWIN));
  });

  test("a view that is altered comes back, and comes back again when it is dropped", async () => {
    await using databases = await testDatabases(lane, { before: ["CREATE VIEW notes AS SELECT 1 AS one"] });
    const { server, plain, reset } = databases;
    const session = await plain();
    for (const sql of ["CREATE OR REPLACE VIEW notes AS SELECT 2 AS two", "DROP VIEW notes"]) {
      await session.query(sql);
      await reset();
      expect(await pictureOf(server, ONE), sql).toEqual(await pictureOf(server, TWIN));
    }
  });

  test("in a sandbox that has just started, a table comes back, and triggers of others stay", async () => {
    // The template is made by the first; servers tell when a table was made to the second.
    await (await inSandbox(lane, besides))[Symbol.asyncDispose]();
    await pause(1100);
    await using databases = await inSandbox(lane, besides);
    const { server, plain } = databases;
    const session = await plain();
    await session.query("ALTER TABLE ProcessingJob ADD COLUMN mine int");
    await session.query(`CALL ispyb_sandbox.reset('${ONE}')`);
    expect(await pictureOf(server, ONE)).toEqual(await pictureOf(server, TWIN));
    session.destroy();
  });

  test("a database is made again where no procedure can do it", async () => {
    await using databases = await testDatabases(lane);
    const { server, admin, plain } = databases;
    const session = await plain();
    await session.query("DROP PROCEDURE upsert_processing_job");
    await session.query("CREATE TABLE mine (id int)");
    await session.query("DROP TABLE ProcessingJobParameter");
    await resetDatabase(admin, ONE);
    expect(await pictureOf(server, ONE)).toEqual(await pictureOf(server, TWIN));
    // The session still has its database.
    expect((await session.query("SELECT COUNT(*) AS n FROM ProcessingJobParameter"))[0]).toEqual([{ n: 0 }]);
  });
});
