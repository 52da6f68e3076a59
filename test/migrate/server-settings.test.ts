/** Settings of the server belong to the facility: none of them may change the result of a run, or stop it half-way. */
import { beforeAll, expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import type { Vendor } from "../../src/dialect/product.ts";
import type { Catalog } from "../../src/model.ts";
import { runOn } from "../cli/run-cli.ts";
import { freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { catalogOf, migrationNames } from "../support/upgrade.ts";

type Settings = Readonly<Partial<Record<Vendor, readonly string[]>>>;

const onBoth = (...settings: readonly string[]): Settings => ({ mariadb: settings, mysql: settings });

/** What keeps beginners from large answers and changes. */
const little = ["sql_select_limit = 1", "max_join_size = 1", "sql_safe_updates = ON"];

/** Global variables, for every session that begins after them. */
const cases: Readonly<Record<string, Settings>> = {
  "names and strings are read in another way": onBoth(
    "sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,IGNORE_SPACE,REAL_AS_FLOAT'",
  ),
  "every doubtful value is an error": onBoth(
    "sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,ONLY_FULL_GROUP_BY'",
  ),
  "no value is an error": onBoth("sql_mode = ''"),
  "a table needs a primary key": {
    mariadb: ["innodb_force_primary_key = ON"],
    mysql: ["sql_require_primary_key = ON"],
  },
  "a table without a primary key gets an invisible one": { mysql: ["sql_generate_invisible_primary_key = ON"] },
  "a timestamp is NOT NULL and follows every change": onBoth("explicit_defaults_for_timestamp = OFF"),
  "sessions and tables begin otherwise": onBoth(
    "autocommit = 0",
    "completion_type = 'CHAIN'",
    "foreign_key_checks = 0",
    "unique_checks = 0",
    "character_set_server = 'ucs2'",
    "default_storage_engine = 'MyISAM'",
    "innodb_default_row_format = 'redundant'",
    "innodb_strict_mode = OFF",
  ),
  "a session may only read, and little at a time": {
    mariadb: [...little, "tx_isolation = 'SERIALIZABLE'", "tx_read_only = ON"],
    mysql: [...little, "transaction_isolation = 'SERIALIZABLE'", "transaction_read_only = ON"],
  },
  "a session has no time": {
    mariadb: [
      "lock_wait_timeout = 0",
      "innodb_lock_wait_timeout = 0",
      "wait_timeout = 1",
      "max_statement_time = 0.001",
    ],
    mysql: ["lock_wait_timeout = 1", "innodb_lock_wait_timeout = 1", "wait_timeout = 1", "max_execution_time = 1"],
  },
  // Without effect from 11.5 on.
  "every change of a table is a copy": { mariadb: ["alter_algorithm = 'COPY'"] },
};

onEveryServer("settings of a server", (lane) => {
  let upgraded: Catalog;
  let first: string;

  beforeAll(async () => {
    [first = ""] = await migrationNames();
    await using db = await upgradedDatabase(lane, "official");
    upgraded = await catalogOf(db);
  });

  const wanted = Object.entries(cases).flatMap(([what, settings]) => {
    const own = settings[lane.vendor];
    return own === undefined ? [] : [[what, own] as const];
  });

  test.each(wanted)("%s: up and down, as on any other server", async (_what, settings) => {
    await using db = await freshDatabase(lane, "official");
    const before = await catalogOf(db);
    for (const setting of settings) await db.query(`SET GLOBAL ${setting}`);
    const run = async (exit: number, ...args: readonly string[]) => {
      const ended = await runOn(db, args);
      expect(ended.exit, ended.stderr).toBe(exit);
    };

    await run(1, "status");
    await run(0, "up", "--yes");
    await run(0, "status");
    await run(0, "verify");
    expect(compareCatalogs(upgraded, await catalogOf(db))).toEqual([]);

    await run(0, "down", "--to", first, "--yes");
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    expect(await db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'")).toEqual([]);
  });
});
