/** Every single change of an up-to-date schema is found and named, with its repair; an untouched one is equal. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { type Verification, verify } from "../../src/migrate/verify.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { readPlan } from "../../src/plan/read-plan.ts";
import { loadProcedures } from "../../src/repeatables/procedures/source.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf, upgrade } from "../support/upgrade.ts";
import { mutations, procedureMutations } from "./mutations.ts";

async function verification(db: TestDatabase): Promise<Verification> {
  await using session = await connect(targetOf(db));
  return verify(await readPlan(session, await loadMigrations(), { procedures: await loadProcedures() }));
}

onEveryServer("single mutations", (lane) => {
  /** One database for all of them: each is undone before the next one. */
  let db: TestDatabase;

  beforeAll(async () => {
    db = await freshDatabase(lane, "official");
    for (const role of ["ispyb_processing", "ispyb_web"]) await db.query(`CREATE ROLE ${role}`);
    await upgrade(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  test("an untouched schema is equal", async () => {
    expect(mutations.length + procedureMutations.length).toBeGreaterThanOrEqual(30);
    expect((await verification(db)).differences).toEqual([]);
  });

  const expectFound = async (expected: RegExp) => {
    const { differences } = await verification(db);
    expect(differences.map((each) => each.what).join("\n")).toMatch(expected);
    // One change may show in several steps; what fixes it has to be with one of them.
    expect(differences.flatMap(({ repair }) => repair)).not.toEqual([]);
  };
  const expectEqual = async () => {
    expect((await verification(db)).differences, "undone").toEqual([]);
  };

  test.each(mutations)("$what", async ({ change, back, expected }) => {
    for (const statement of change) await db.query(statement);
    await expectFound(expected);
    if (back === undefined) await upgrade(db, { repair: true });
    else for (const statement of back) await db.query(statement);
    await expectEqual();
  });

  test.each(procedureMutations)("$what", async ({ name, rewrite, sqlMode, expected }) => {
    const [shown] = await db.query<{ "Create Procedure": string; sql_mode: string }>(`SHOW CREATE PROCEDURE ${name}`);
    const changed = rewrite(shown?.["Create Procedure"] ?? "");
    await db.query(`SET SESSION sql_mode = '${sqlMode ?? shown?.sql_mode}'`);
    await db.query(`DROP PROCEDURE ${name}`);
    await db.query(changed);
    await expectFound(expected);
    await upgrade(db, { repair: true });
    await expectEqual();
  });
});
