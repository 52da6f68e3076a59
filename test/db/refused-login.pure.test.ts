/** Whether a server is there decides what a silent second session means: see src/state/keep-lease.ts. */
import { expect, test } from "vitest";
import { connectFailure } from "../../src/db/connect-failure.ts";
import { isRefusedByServer } from "../../src/db/refused-login.ts";
import { targetOf } from "../support/upgrade.ts";

const target = targetOf({ host: "db1", port: 3306, user: "me", password: "x", database: "ispyb" });

test.each([
  ["too many connections", { errno: 1040 }, true],
  ["a limit of the account", { errno: 1226 }, true],
  ["a wrong password", { errno: 1045 }, true],
  ["a node that is behind its cluster", { errno: 1205 }, true],
  ["a shutdown", { errno: 1053 }, false],
  ["no answer", { code: "ETIMEDOUT", errno: -110 }, false],
  ["no server", { code: "ECONNREFUSED", errno: -111 }, false],
])("%s", (message, failure, isRefused) => {
  const error = Object.assign(new Error(message), failure);
  expect(isRefusedByServer(connectFailure(error, target))).toBe(isRefused);
});
