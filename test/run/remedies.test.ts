/** What is printed against a limit that a statement met: each statement of it runs on each server. */
import { expect, test } from "vitest";
import { statements } from "../../src/base/split-script.ts";
import { errorNumbers } from "../../src/db/error-numbers.ts";
import { ServerError } from "../../src/db/server-errors.ts";
import { remediesFor } from "../../src/run/remedies.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { onEveryServer } from "../support/servers.ts";

const statement = { sql: "ALTER TABLE `AutoProcProgram` ADD KEY a (a)", locks: ["AutoProcProgram"] };

const named = [
  ["ER_INNODB_ONLINE_LOG_TOO_BIG", "innodb_online_alter_log_max_size"],
  ["ER_NET_PACKET_TOO_LARGE", "max_allowed_packet"],
  ["ER_TOO_MANY_KEYS", "SHOW INDEX FROM `AutoProcProgram`"],
  ["ER_TOO_BIG_ROWSIZE", "SHOW CREATE TABLE `AutoProcProgram`"],
  ["ER_LOCK_TABLE_FULL", "innodb_buffer_pool_size"],
  ["ER_ALTER_OPERATION_NOT_SUPPORTED_REASON", "OPTIMIZE TABLE `AutoProcProgram`"],
  ["ER_OUT_OF_RESOURCES", "more memory"],
  ["ER_DUP_FIELDNAME", "the reason that the server gives"],
] as const;

onEveryServer("a limit that was met", (lane) => {
  test("is named, and what is printed runs", async () => {
    await using db = await databaseStartedWith(lane, "official", []);
    for (const [name, words] of named) {
      const printed = remediesFor(new ServerError({ code: errorNumbers[name], message: name }), statement);
      expect(printed.join("\n"), name).toContain(words);
      const runnable = printed.filter((line) => /^(?:SET|SHOW|OPTIMIZE) /.test(line));
      for (const { sql } of statements(runnable.join("\n"))) await db.query(sql);
    }
  });
});
