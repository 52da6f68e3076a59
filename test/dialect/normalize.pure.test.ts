/** Different spellings of both vendors have one canonical form. */
import { describe, expect, test } from "vitest";
import { charsetOf } from "../../src/dialect/normalize/charset.ts";
import { defaultFromSqlText, defaultFromValue, onUpdateFromExtra } from "../../src/dialect/normalize/default.ts";
import { canonicalExpression } from "../../src/dialect/normalize/expression.ts";
import { canonicalType } from "../../src/dialect/normalize/type.ts";

test.each([
  ["int(10) unsigned", "int unsigned"],
  ["INT UNSIGNED", "int unsigned"],
  ["mediumint(8) unsigned", "mediumint unsigned"],
  ["bigint(20)", "bigint"],
  ["tinyint(1)", "tinyint(1)"],
  ["tinyint(4)", "tinyint"],
  ["int(5) unsigned zerofill", "int(5) unsigned zerofill"],
  ["year(4)", "year"],
  ["decimal(10, 2)", "decimal(10,2)"],
  ["varchar(255)", "varchar(255)"],
  ["ENUM('RUNNING','It''s, (1)')", "enum('RUNNING','It''s, (1)')"],
])("type %s", (found, canonical) => {
  expect(canonicalType(found)).toBe(canonical);
});

describe("defaults", () => {
  test.each([
    ["int unsigned", true, "NULL", "NULL"],
    ["int unsigned", false, null, undefined],
    ["int unsigned", false, "0", "0"],
    ["int unsigned", false, "'0'", "0"],
    ["varchar(5)", false, "'it''s'", "'it''s'"],
    ["timestamp", false, "current_timestamp()", "current_timestamp()"],
  ])("of MariaDB: %s, nullable %s, %s", (type, nullable, found, expected) => {
    expect(defaultFromSqlText({ type, nullable, stored: found, extra: "" })).toBe(expected);
  });

  test.each([
    ["int unsigned", true, null, "", "NULL"],
    ["int unsigned", false, null, "auto_increment", undefined],
    ["int unsigned", false, "0", "", "0"],
    ["varchar(5)", false, "it's", "", "'it''s'"],
    ["varchar(5)", false, "", "", "''"],
    ["bit(4)", true, "b'101'", "", "b'101'"],
    ["timestamp", false, "CURRENT_TIMESTAMP", "DEFAULT_GENERATED", "current_timestamp()"],
    [
      "datetime(6)",
      false,
      "CURRENT_TIMESTAMP(6)",
      "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)",
      "current_timestamp(6)",
    ],
    ["timestamp", false, "0000-00-00 00:00:00", "", "'0000-00-00 00:00:00'"],
  ])("of MySQL: %s, nullable %s, %s %s", (type, nullable, found, extra, expected) => {
    expect(defaultFromValue({ type, nullable, stored: found, extra })).toBe(expected);
  });

  test.each([
    ["DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)", "current_timestamp(6)"],
    ["on update current_timestamp()", "current_timestamp()"],
    ["auto_increment", undefined],
  ])("on update: %s", (extra, expected) => {
    expect(onUpdateFromExtra(extra)).toBe(expected);
  });
});

test.each([
  ["((`a` >= 0) and (`b` < 3))", "(`a` >= 0) and (`b` < 3)"],
  ["(`a` >= 0) and (`b` < 3)", "(`a` >= 0) and (`b` < 3)"],
  ["(((`a` <> ')')))", "`a` <> ')'"],
])("expression %s", (found, canonical) => {
  expect(canonicalExpression(found)).toBe(canonical);
});

test.each([
  ["latin1_swedish_ci", "latin1"],
  ["utf8_general_ci", "utf8mb3"],
  ["utf8mb4_uca1400_ai_ci", "utf8mb4"],
  ["binary", "binary"],
])("collation %s belongs to %s", (collation, charset) => {
  expect(charsetOf(collation)).toBe(charset);
});
