/** A catalog that is read, rendered and read again stays the same: nothing is lost or added. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { createTableSql } from "../../src/dialect/render.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";

/** Every property of the model, and every spelling that servers print differently. */
const oddities = [
  `CREATE TABLE Oddity (
    id int(10) unsigned NOT NULL AUTO_INCREMENT COMMENT 'a, (b) CHECK (c) \\\\ ''d''',
    flag tinyint(1) DEFAULT 0, small tinyint(4) DEFAULT NULL, wide bigint(20) NOT NULL DEFAULT -1,
    price decimal(10,2) DEFAULT 0.50, ratio double DEFAULT 1.5, bits bit(4) DEFAULT b'101', yr year DEFAULT 2020,
    name varchar(45) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL DEFAULT 'it''s',
    blank varchar(10) NOT NULL DEFAULT '', fixed char(3) CHARACTER SET latin1 DEFAULT 'abc', raw varbinary(20) DEFAULT NULL,
    kind enum('A','b,c','d''e') DEFAULT 'A', many set('x','y') DEFAULT NULL,
    born timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
    micro datetime(6) DEFAULT current_timestamp(6), zero timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
    story mediumtext, doc json DEFAULT NULL, place point NOT NULL,
    twice bigint GENERATED ALWAYS AS (wide * 2) VIRTUAL, thrice bigint GENERATED ALWAYS AS (wide * 3) STORED,
    PRIMARY KEY (id), UNIQUE KEY u (name(10), kind), KEY d (wide DESC) COMMENT 'backwards', FULLTEXT KEY f (story), SPATIAL KEY s (place),
    CONSTRAINT positive CHECK (price >= 0 AND name <> ')')
  ) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci COMMENT='odd; ''quoted'''`,
  `CREATE TABLE OddChild (
    a int unsigned, b int unsigned, c int unsigned, \`we\`\`ird name\` int unsigned,
    KEY a (a), KEY b (b), KEY c (c), KEY w (\`we\`\`ird name\`),
    CONSTRAINT c1 FOREIGN KEY (a) REFERENCES Oddity (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT c2 FOREIGN KEY (b) REFERENCES Oddity (id) ON DELETE SET NULL,
    CONSTRAINT c3 FOREIGN KEY (c) REFERENCES Oddity (id) ON DELETE NO ACTION
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
];

onEveryServer("round trip", (lane) => {
  test("tables, columns, keys, foreign keys and checks survive", async () => {
    await using db = await freshDatabase(lane, "official");
    await using source = await connect(targetOf(db));
    for (const statement of oddities) await source.run(statement);
    const { dialect } = await readServer(source);
    const catalog = await introspect(source, dialect);
    expect(catalog.tables["Oddity"]?.checks).toHaveLength(1);
    expect(catalog.tables["Oddity"]?.notUnderstood).toEqual([]);

    await db.query("CREATE DATABASE copy");
    await using copy = await connect({ ...targetOf(db), database: "copy" });
    await copy.run("SET foreign_key_checks = 0");
    for (const table of Object.values(catalog.tables)) await copy.run(createTableSql(table));
    expect(compareCatalogs(catalog, await introspect(copy, dialect))).toEqual([]);
  });
});
