/** Keys are recognised by their meaning; a name only has to be free. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { changeDeleteRule } from "../../src/steps/change-delete-rule.ts";
import { addForeignKey, addIndex, key } from "../../src/steps/define.ts";
import { inspect, render, undo } from "../../src/steps/index.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";
import { factsFor, send, sendUndo } from "./play.ts";

const parentTable =
  "CREATE TABLE Parent (parentId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB DEFAULT CHARSET=latin1";
const child = (definition: string) =>
  `CREATE TABLE Child (childId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, old int unsigned, new int unsigned, ${definition}) ENGINE=InnoDB`;
const references = { parent: { table: "Parent", columns: ["parentId"] }, onDelete: "RESTRICT" } as const;

const index = addIndex("Child", key("Child_FK", "new"));
const foreignKey = addForeignKey("Child", { name: "Child_FK", columns: ["new"], ...references });

onEveryServer("names of keys", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("if an earlier design uses our name for other columns, our key gets the next name and is dropped by it", async () => {
    await using db = await makeDatabase("empty");
    await db.query(parentTable);
    await db.query(child("KEY Child_FK (old), CONSTRAINT Child_FK FOREIGN KEY (old) REFERENCES Parent (parentId)"));
    await using session = await connect(targetOf(db));
    for (const step of [index, foreignKey]) {
      const facts = await factsFor(session, step);
      expect(inspect(step, facts)).toEqual({ state: "absent" });
      await send(session, render(step, facts));
      expect(inspect(step, await factsFor(session, step))).toEqual({ state: "present", notices: [] });
    }
    const names = async () => {
      const { tables } = (await factsFor(session, index)).catalog;
      const { foreignKeys = [], indexes = [] } = tables["Child"] ?? {};
      return [...indexes, ...foreignKeys].map(({ name }) => name).filter((name) => name !== "PRIMARY");
    };
    expect(await names()).toEqual(["Child_FK", "Child_FK_2", "Child_FK", "Child_FK_2"]);
    for (const step of [foreignKey, index]) await sendUndo(session, undo(step, await factsFor(session, step), {}));
    expect(await names()).toEqual(["Child_FK", "Child_FK"]);
  });

  test("if those columns include one of ours, it is a conflict", async () => {
    await using db = await makeDatabase("empty");
    await db.query(parentTable);
    await db.query("CREATE TABLE Pair (a int unsigned, b int unsigned, PRIMARY KEY (a, b)) ENGINE=InnoDB");
    await db.query(child("KEY Child_FK (new, old), CONSTRAINT Child_FK FOREIGN KEY (new, old) REFERENCES Pair (a, b)"));
    await using session = await connect(targetOf(db));
    for (const step of [index, foreignKey]) {
      expect(inspect(step, await factsFor(session, step)).state).toBe("conflict");
    }
  });

  test("another name is a notice, unless a later step gives it", async () => {
    await using db = await makeDatabase("empty");
    await db.query(parentTable);
    await db.query(child("CONSTRAINT Child_later FOREIGN KEY (new) REFERENCES Parent (parentId)"));
    await using session = await connect(targetOf(db));
    const later = changeDeleteRule("Child", { ...foreignKey.foreignKey, name: "Child_later" });
    expect(inspect(foreignKey, await factsFor(session, foreignKey))).toMatchObject({
      state: "present",
      notices: [{ aspect: "name", expected: "Child_FK", found: "Child_later" }],
    });
    expect(inspect(foreignKey, await factsFor(session, foreignKey, [later]))).toEqual({
      state: "present",
      notices: [],
    });
  });
});
