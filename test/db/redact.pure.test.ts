import { expect, test } from "vitest";
import { redact } from "../../src/db/redact.ts";

test.each([
  ["a URL", "cannot open mysql://me:geheim@db1:3306/ispyb", "cannot open mysql://me:***@db1:3306/ispyb"],
  ["a URL with an @ in the password", "mysql://me:ge@heim@db1/ispyb", "mysql://me:***@db1/ispyb"],
  ["a URL without password", "mysql://me@db1:3306/ispyb", "mysql://me@db1:3306/ispyb"],
  [
    "IDENTIFIED BY",
    "CREATE USER a@b IDENTIFIED BY 'ge''heim' ACCOUNT LOCK",
    "CREATE USER a@b IDENTIFIED BY '***' ACCOUNT LOCK",
  ],
  [
    "IDENTIFIED WITH … BY",
    "ALTER USER a IDENTIFIED WITH caching_sha2_password BY 'geheim'",
    "ALTER USER a IDENTIFIED WITH caching_sha2_password BY '***'",
  ],
  [
    "IDENTIFIED VIA … USING PASSWORD",
    "CREATE USER a IDENTIFIED VIA mysql_native_password USING PASSWORD('geheim')",
    "CREATE USER a IDENTIFIED VIA mysql_native_password USING PASSWORD('***')",
  ],
  ["SET PASSWORD", "SET PASSWORD FOR a = PASSWORD('geheim')", "SET PASSWORD FOR a = PASSWORD('***')"],
  ["SET PASSWORD of MySQL", "SET PASSWORD = 'geheim'", "SET PASSWORD = '***'"],
  ["other literals", "INSERT INTO t VALUES ('by', 'identified')", "INSERT INTO t VALUES ('by', 'identified')"],
])("%s", (_what, text, expected) => {
  expect(redact(text)).toBe(expected);
});

test("known secrets, the longest first", () => {
  expect(redact("abcd and abcdef", ["abcd", "abcdef"])).toBe("*** and ***");
});
