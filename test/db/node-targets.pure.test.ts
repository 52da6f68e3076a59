import { describe, expect, test } from "vitest";
import type { Target } from "../../src/db/db.ts";
import { nodeName, nodeTargets } from "../../src/db/node-targets.ts";
import type { MigrateError } from "../../src/errors.ts";
import { Problems } from "../../src/problems.ts";

const first: Target = {
  host: "db1",
  port: 3307,
  socket: "/run/db.sock",
  user: "me",
  password: "geheim",
  database: "ispyb",
  tls: { mode: "required", ca: "/ca.pem" },
};

function resolved(values: readonly string[], from = "--node"): Target[] {
  const problems = new Problems();
  const nodes = nodeTargets({ value: values.join(), values, from }, first, problems);
  problems.throwAny();
  return nodes;
}

function refused(value: string, from?: string): MigrateError {
  try {
    resolved([value], from);
  } catch (error) {
    return error as MigrateError;
  }
  return expect.fail("it was resolved");
}

describe("the target of --node", () => {
  const { socket: _, ...rest } = first;

  test("has what its URL leaves out from the first one, but for the address", () => {
    expect(resolved(["mysql://db2", "mariadb://me@[::1]:3308/ispyb"])).toEqual([
      { ...rest, host: "db2", port: 3306 },
      { ...rest, host: "::1", port: 3308 },
    ]);
  });

  test("another account does not get the password of the first one", () => {
    const { password: __, ...withoutPassword } = rest;
    expect(resolved(["mysql://you@db2"])).toEqual([{ ...withoutPassword, host: "db2", port: 3306, user: "you" }]);
  });

  test.each<[string, string, string]>([
    ["mysql://", "USAGE", "--node: the URL names no host"],
    ["mysql://db2/other", "USAGE", "--node: the URL names another database"],
    ["db2", "USAGE", "this is not a valid URL; special characters in a user or password must be percent-encoded"],
    ["mysql://db2:0", "USAGE", "--node: invalid port"],
  ])("%s is refused", (url, code, message) => {
    expect(refused(url)).toMatchObject({ code, message });
  });

  test("a password is refused on the command line, is allowed in the environment, and is repeated nowhere", () => {
    const url = "mysql://you:verborgen@db2";
    const error = refused(url);
    expect(error.code).toBe("PASSWORD_IN_URL");
    expect(JSON.stringify([error.message, error.details])).not.toContain("verborgen");
    expect(resolved([url], "ISPYB_MIGRATE_NODE")).toMatchObject([{ user: "you", password: "verborgen" }]);
    expect(JSON.stringify(refused(`${url}/other`, "ISPYB_MIGRATE_NODE").details)).not.toContain("verborgen");
  });
});

test("the name of a node in messages", () => {
  expect([nodeName({ host: "db2", port: 3306 }), nodeName({ host: "::1", port: 1 })]).toEqual(["db2:3306", "[::1]:1"]);
});
