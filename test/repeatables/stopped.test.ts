/** Procedures, roles and their privileges when something goes wrong, or after changes by hand. */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { CutOff, cuttingConnect } from "../migrate/cut.ts";
import { meddlingConnect } from "../migrate/meddle.ts";
import { NAME, definitionOf, grantsOf, makeOld } from "../migrate/old-procedure.ts";
import { freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { takeDown, upgrade } from "../support/upgrade.ts";

onEveryServer("repeatables, stopped", (lane) => {
  test.each(lane.vendor === "mysql" ? ["DROP PROCEDURE", "CREATE DEFINER"] : ["CREATE OR REPLACE"])(
    "down is cut off while a procedure comes back (%s): the next up has ours with every grant, the next down the old one",
    async (at) => {
      await using db = await freshDatabase(lane, "official");
      await makeOld(db);
      const [old, grants] = [await definitionOf(db), await grantsOf(db)];
      await upgrade(db);
      // The first DROP of `down` may be that of another procedure: ours is the last by name that is replaced.
      const wanted = at === "DROP PROCEDURE" ? `DROP PROCEDURE \`${NAME}\`` : at;
      const connect = cuttingConnect(db, { sent: 0 }, { at: wanted, when: "after the server did it" });
      await expect(takeDown(db, { connect })).rejects.toBeInstanceOf(CutOff);
      const { verification } = await upgrade(db);
      expect(verification.differences).toEqual([]);
      expect(await grantsOf(db)).toEqual(grants);
      await takeDown(db);
      expect(await definitionOf(db)).toEqual(old);
      expect(await grantsOf(db)).toEqual(grants);
    },
  );

  test.skipIf(lane.vendor === "mariadb")(
    "a replacement that the server refuses leaves what was there, and the journal as it was",
    async () => {
      await using db = await freshDatabase(lane, "official");
      await makeOld(db);
      const [old, grants] = [await definitionOf(db), await grantsOf(db)];
      await upgrade(db);
      await db.query("ALTER TABLE ProcessingJob MODIFY displayName varchar(100)");
      const ours = await definitionOf(db);
      const connect = meddlingConnect(
        db,
        new RegExp(`^CREATE DEFINER=\\S+ PROCEDURE ${NAME} `),
        `CREATE PROCEDURE ${NAME}() BEGIN SELECT 'in between'; END`,
      );
      await expect(upgrade(db, { connect })).rejects.toMatchObject({ code: "STATEMENT_FAILED" });
      expect(await definitionOf(db)).toEqual(ours);
      expect(await grantsOf(db)).toEqual(grants);
      expect((await upgrade(db)).verification.differences).toEqual([]);
      await takeDown(db);
      expect(await definitionOf(db)).toEqual(old);
      expect(await grantsOf(db)).toEqual(grants);
    },
  );

  test("an edited procedure stays drift after its wanted form has changed", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(`DROP PROCEDURE ${NAME}`);
    await db.query(`CREATE PROCEDURE ${NAME}(INOUT p_id int unsigned) BEGIN SET p_id = 8; END`);
    await db.query("ALTER TABLE ProcessingJob MODIFY displayName varchar(100)");
    await expect(upgrade(db)).rejects.toMatchObject({ code: "DRIFT" });
    await upgrade(db, { repair: true });
    // Overwritten on request, and still in the journal.
    const kept = await db.query("SELECT previous FROM ispyb_migrate_journal WHERE migration = ? AND step = 2", [
      `procedures/${NAME}`,
    ]);
    expect(JSON.stringify(kept)).toContain("SET p_id = 8");
  });

  test("an account that may not set another definer is told so before anything is changed", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("CREATE USER keeper@localhost IDENTIFIED BY 'Owns-them-1'");
    const account = { user: "migrator", password: "All-but-that-1" };
    await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${account.password}'`);
    await db.query("GRANT ALL ON ispyb.* TO migrator@'%'");
    const refused = await runOn(db, ["up", "--yes", "--definer", "keeper@localhost"], account);
    expect(refused.exit, refused.stderr).toBe(4);
    expect(refused.stderr).toMatch(/GRANT (SET USER|SET_ANY_DEFINER) ON \*\.\* TO 'migrator'@'%';/);
    expect(await db.query("SHOW TABLES LIKE 'ProcessingJob'")).toEqual([]);
  });

  test("a created role that accounts use now stays, without the privileges that were granted", async () => {
    await using db = await freshDatabase(lane, "official");
    await upgrade(db, { createRoles: true });
    await db.query("CREATE USER alice@'%' IDENTIFIED BY 'Uses-the-role-1'");
    await db.query("GRANT ispyb_web TO alice@'%'");
    await takeDown(db);
    const role = lane.vendor === "mysql" ? "ispyb_web@'%'" : "ispyb_web";
    const lines = (await db.query(`SHOW GRANTS FOR ${role}`)).map((row) => String(Object.values(row)[0]));
    expect(lines.filter((line) => !line.includes("USAGE"))).toEqual([]);
    await expect(db.query(`SHOW GRANTS FOR ${role.replace("web", "processing")}`)).rejects.toThrow();
  });
});
