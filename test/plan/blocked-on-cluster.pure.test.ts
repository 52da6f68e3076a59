/** What the plan says of the users of a Galera cluster. */
import { expect, test } from "vitest";
import { blockedOnCluster } from "../../src/plan/blocked-on-cluster.ts";
import type { Statement } from "../../src/steps/contract.ts";

const alter: Statement = {
  sql: "ALTER TABLE `A` ADD KEY k (a)",
  locks: ["A", "A", "B"],
  reads: "A",
  online: { algorithm: "NOCOPY", lock: "NONE" },
};

test("a change of a table: all writers wait; transactions on it and writes of its relatives fail", () => {
  expect(blockedOnCluster(alter, "less than 1 s")).toBe(
    "every writer on every node of the cluster for less than 1 s; open transactions on A and B, and open writes of their " +
      "foreign-key parents and children, fail (error 1213, deadlock) on all nodes",
  );
});

test.each(["CREATE TABLE `N` (a int)", "CREATE OR REPLACE PROCEDURE p() SELECT 1", "GRANT SELECT ON d.* TO r"])(
  "%s ends no transaction",
  (sql) => {
    const text = blockedOnCluster({ sql, locks: [] }, "an instant");
    expect(text).toBe("every writer on every node of the cluster for an instant; no transaction fails");
  },
);

test("rows are changed as by any other client", () => {
  const sql = "INSERT INTO `N` VALUES (1)";
  expect(blockedOnCluster({ sql, locks: [] }, "an instant")).toBe(
    "sessions that change the same rows, until it ends; on other nodes they fail (error 1213, deadlock)",
  );
  const fill = { table: "A", column: "a", key: ["id"], kept: [], literal: "1", where: "a IS NULL" };
  expect(blockedOnCluster({ sql: "UPDATE `A` SET a = 1", locks: [], fill }, "about 9 s")).not.toContain("every writer");
});
