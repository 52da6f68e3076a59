import { expect, test } from "vitest";
import { parseConstraints } from "../../src/catalog/show-create.ts";

const table = (...lines: string[]) =>
  ["CREATE TABLE `t` (", ...lines.map((line) => `  ${line},`), ") ENGINE=InnoDB"].join("\n");

test("foreign keys with every possible clause after them", () => {
  const { foreignKeys, unknown } = parseConstraints(
    table(
      "CONSTRAINT `a``b` FOREIGN KEY (`x`, `y, z`) REFERENCES `other`.`p` (`i`, `j`) ON DELETE SET NULL ON UPDATE CASCADE",
      "CONSTRAINT `c` FOREIGN KEY (`x`) REFERENCES `p` (`i`) ON DELETE NO ACTION",
    ),
  );
  expect(unknown).toEqual([]);
  expect(foreignKeys).toEqual([
    {
      name: "a`b",
      columns: ["x", "y, z"],
      parent: { database: "other", table: "p", columns: ["i", "j"] },
      onDelete: "SET NULL",
      onUpdate: "CASCADE",
    },
    {
      name: "c",
      columns: ["x"],
      parent: { table: "p", columns: ["i"] },
      onDelete: "RESTRICT",
      onUpdate: "RESTRICT",
      restrict: { onDelete: "NO ACTION", onUpdate: "nothing" },
    },
  ]);
});

test("a comment that looks like a check is not read as one", () => {
  const { columnChecks } = parseConstraints(
    table("`a` int COMMENT 'see CHECK (b)'", "`d` longtext CHECK (json_valid(`d`)) COMMENT 'it''s'"),
  );
  expect([...columnChecks]).toEqual([["d", "json_valid(`d`)"]]);
});

test.each([
  // MariaDB 10.5 and 11.8 print a backtick inside this name once.
  "CONSTRAINT `c3` FOREIGN KEY (`we`ird`) REFERENCES `p` (`id`) ON DELETE NO ACTION",
  // sql_quote_show_create = OFF
  "CONSTRAINT c3 FOREIGN KEY (a) REFERENCES p (id)",
])("what cannot be read for certain is said to be unknown: %s", (line) => {
  const { foreignKeys, unknown } = parseConstraints(table(line));
  expect([foreignKeys, unknown]).toEqual([[], [line]]);
});
