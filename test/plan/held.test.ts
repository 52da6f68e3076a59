/** While a statement keeps writers out of its table, all tables are tried: those wait, and only those, that the plan names. */
import { expect, test } from "vitest";
import { readRelations } from "../../src/catalog/relations.ts";
import { connect } from "../../src/db/connect.ts";
import { heldUntilEnd } from "../../src/plan/held.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { until } from "../support/within.ts";
import { keptOut } from "./kept-out.ts";

const key = (parent: string, rules: string) => `KEY (other), FOREIGN KEY (other) REFERENCES ${parent} (id) ${rules}`;
const columns = "id int PRIMARY KEY, other int, value varchar(9)";

/** Each with its parent, and what a change of the parent's rows does to its own. */
const tables = {
  apart: columns,
  grandparent: columns,
  parent: `${columns}, ${key("grandparent", "ON DELETE CASCADE ON UPDATE CASCADE")}`,
  clearing: columns,
  strict: columns,
  altered:
    `${columns}, more int, last int, ${key("parent", "ON DELETE CASCADE ON UPDATE CASCADE")}, ` +
    "KEY (more), FOREIGN KEY (more) REFERENCES clearing (id) ON DELETE SET NULL, " +
    "KEY (last), FOREIGN KEY (last) REFERENCES strict (id)",
  child: `${columns}, ${key("altered", "ON DELETE CASCADE ON UPDATE CASCADE")}`,
};

/** Takes the server a while for each row: much longer in all than a writer waits. */
const statement = {
  sql:
    "ALTER TABLE altered ADD CONSTRAINT slow CHECK (LENGTH(SHA2(REPEAT(value, 900000), 512)) > id - id), " +
    "ALGORITHM=COPY, LOCK=SHARED",
  locks: ["altered"],
  reads: "altered",
  online: { algorithm: "COPY", lock: "SHARED" },
} as const;

onEveryServer("while writers are kept out of a table", (lane) => {
  test("those wait that the plan names, from parent to parent", { timeout: 120_000 }, async () => {
    await using db = await freshDatabase(lane, "empty");
    for (const [name, definition] of Object.entries(tables)) {
      await db.query(`CREATE TABLE ${name} (${definition}) ENGINE=InnoDB`);
      const rows = Array.from({ length: name === "altered" ? 5_000 : 9 }, (_, at) => `(${at + 1}, NULL, 'a value')`);
      await db.query(`INSERT INTO ${name} (id, other, value) VALUES ${rows.join(", ")}`);
    }
    await using session = await connect(targetOf(db));
    const held = heldUntilEnd(statement, await readRelations(session));
    const change = session.run(statement.sql).catch((error: unknown) => error);
    const state = "SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ? AND STATE LIKE 'copy to tmp table%'";
    await until(async () => (await db.query(state, [session.connectionId])).length > 0, "the copy to begin", 50);

    const tries = Object.keys(tables).flatMap((table) => [
      { what: `read ${table}`, sql: `SELECT COUNT(*) FROM ${table}` },
      { what: `update ${table}`, sql: `UPDATE ${table} SET value = NULL WHERE id = 2` },
      { what: `delete ${table}`, sql: `DELETE FROM ${table} WHERE id = 3` },
    ]);
    const kept = await keptOut(db, tries);
    await db.query(`KILL QUERY ${session.connectionId}`);
    // Had it ended before, the tries would prove nothing.
    expect(await change).toMatchObject({ name: "ServerError" });
    expect(kept.toSorted()).toEqual([
      "delete altered",
      "delete clearing",
      "delete grandparent",
      "delete parent",
      "update altered",
      "update grandparent",
      "update parent",
    ]);
    const waited = new Set(kept.map((what) => what.split(" ")[1]));
    expect(new Set(held.map(({ table }) => table))).toEqual(waited);
  });
});
