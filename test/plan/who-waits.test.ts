/** Beside a change that has to wait for a transaction, a reader and a writer try each table: only those wait that the plan names. */
import { expect, test } from "vitest";
import { readRelations } from "../../src/catalog/relations.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { whoWaits } from "../../src/plan/who-waits.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { until } from "../support/within.ts";
import { keptOut } from "./kept-out.ts";

const cascade = "ON DELETE CASCADE ON UPDATE CASCADE";
const tables = {
  apart: "id int PRIMARY KEY, value int",
  parent: "id int PRIMARY KEY, value int",
  altered: `id int PRIMARY KEY, other int, value int, KEY (value), FOREIGN KEY (other) REFERENCES parent (id) ${cascade}`,
  child: `id int PRIMARY KEY, other int, value int, FOREIGN KEY (other) REFERENCES altered (id) ${cascade}`,
};

const statements = [
  { sql: "ALTER TABLE altered ADD COLUMN more int", locks: ["altered"] },
  { sql: "ALTER TABLE altered ADD KEY more (value, id), ALGORITHM=INPLACE, LOCK=NONE", locks: ["altered"] },
  {
    sql: "ALTER TABLE altered ADD CONSTRAINT more FOREIGN KEY (value) REFERENCES apart (id), ALGORITHM=INPLACE",
    locks: ["altered", "apart"],
  },
];

onEveryServer("beside a change that has to wait", (lane) => {
  test.for(statements)("only those wait that the plan names: $sql", { timeout: 60_000 }, async (statement) => {
    await using db = await freshDatabase(lane, "empty");
    for (const [name, columns] of Object.entries(tables)) {
      await db.query(`CREATE TABLE ${name} (${columns}) ENGINE=InnoDB`);
      await db.query(`INSERT INTO ${name} (id) VALUES (1), (2)`);
    }
    await using session = await connect(targetOf(db));
    const server = await readServer(session);
    const waits = whoWaits(statement, server, await readRelations(session));
    const named = new Set(
      waits.flatMap(({ table, who }) => (who === "users" ? [`read ${table}`, `write ${table}`] : [`write ${table}`])),
    );
    const blocker = await db.connection();
    await blocker.query("START TRANSACTION");
    await blocker.query("SELECT COUNT(*) FROM altered");
    await session.run("SET SESSION foreign_key_checks = 0, lock_wait_timeout = 30");
    const change = session.run(statement.sql);
    const state = "SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ? AND STATE LIKE 'Waiting for%'";
    await until(async () => (await db.query(state, [session.connectionId])).length > 0, "the change to wait", 50);

    const tries = Object.keys(tables).flatMap((table) => [
      { what: `read ${table}`, sql: `SELECT COUNT(*) FROM ${table}` },
      { what: `write ${table}`, sql: `UPDATE ${table} SET value = NULL WHERE id = 2` },
    ]);
    const kept = await keptOut(db, tries);
    await blocker.query("COMMIT");
    await change;
    expect(kept.filter((what) => !named.has(what))).toEqual([]);
    expect(kept).toEqual(expect.arrayContaining(["read altered", "write altered"]));
  });
});
