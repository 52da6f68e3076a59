/** The nodes of a cluster that a command did not look at, and the command that does. */
import { expect, test } from "vitest";
import type { Server } from "../../src/catalog/server.ts";
import { installed } from "../../src/documents/caller.ts";
import { formatNotice } from "../../src/documents/format-notice.ts";
import { otherMembers } from "../../src/migrate/nodes/other-members.ts";

/** A member of a cluster, as far as it matters here. */
function memberAt(index: number, addresses: readonly string[], identity = "cluster a"): Server {
  const member = { cluster: identity, status: "Primary", state: "Synced", isReady: true, addresses, index };
  return { identity, member } as unknown as Server;
}

const said = (first: Server, looked: readonly Server[] = []) =>
  otherMembers(first, looked).map((notice) => formatNotice(notice, installed));

const told = ["db1:3306", "db2:3307", "db3:3306"];

test("a single server has no others", () => {
  expect(said({ identity: "db1:3306" } as Server)).toEqual([]);
});

test("each other node is named, and not the one that answers", () => {
  expect(said(memberAt(1, told))).toEqual([
    "not looked at: 2 other nodes of the cluster, db1:3306 and db3:3306 (`ispyb-migrate verify --node mysql://db1:3306 --node mysql://db3:3306` looks at them)",
  ]);
});

test("where the cluster tells no address there is a place for it", () => {
  expect(said(memberAt(0, ["", "db2:3307", "", ""]))).toEqual([
    "not looked at: 3 other nodes of the cluster, db2:3307 and 2 whose address the cluster does not tell (`ispyb-migrate verify --node mysql://db2:3307 --node mysql://HOST:3306 --node mysql://HOST:3306` looks at them)",
  ]);
});

test("a node that was compared is no longer named; a node of another cluster is another node", () => {
  const [first, second, third] = [0, 1, 2].map((index) => memberAt(index, told));
  if (first === undefined || second === undefined || third === undefined) throw new Error("a node is missing");
  expect(said(first, [third])).toEqual([
    "not looked at: 1 other node of the cluster, db2:3307 (`ispyb-migrate verify --node mysql://db2:3307` looks at it)",
  ]);
  expect(said(first, [second, third])).toEqual([]);
  expect(said(first, [second, memberAt(2, told, "cluster b")])).toHaveLength(1);
});
