/** Other migration tools, each with as many migrations as ours, on separate databases. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "../../src/db/db.ts";
import type { Subject } from "./measure.ts";

/** Their npm packages. */
export const peerPackages: readonly string[] = ["knex@3", "mysql2@3", "dbmate@2"];

/** A tool's `status`, and the command to run before it. */
export interface Peer {
  readonly up: Subject;
  readonly status: Subject;
}

interface Place {
  /** The folder with the installed packages. */
  readonly folder: string;
  readonly target: Target;
  readonly migrations: number;
}

const tableOf = (at: number): string =>
  `CREATE TABLE T${at} (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent int unsigned, name varchar(80), ` +
  "comments varchar(255), automatic tinyint(1), recordTimestamp timestamp NULL, KEY (parent))";

const nameOf = (at: number): string => `202401010000${String(at).padStart(2, "0")}_t${at}`;

export function knex({ folder, target, migrations }: Place): Peer {
  const home = join(folder, "knex");
  mkdirSync(join(home, "migrations"), { recursive: true });
  const connection = { host: target.host, port: target.port, user: target.user, database: target.database };
  writeFileSync(
    join(home, "knexfile.cjs"),
    `const connection = ${JSON.stringify(connection)};\n` +
      `module.exports = { client: "mysql2", connection: { ...connection, password: process.env.MYSQL_PWD }, ` +
      `migrations: { directory: "./migrations", loadExtensions: [".cjs"] } };\n`,
  );
  for (let at = 0; at < migrations; at++) {
    writeFileSync(
      join(home, "migrations", `${nameOf(at)}.cjs`),
      `exports.up = (knex) => knex.raw(${JSON.stringify(tableOf(at))});\n` +
        `exports.down = (knex) => knex.raw("DROP TABLE T${at}");\n`,
    );
  }
  const run = (name: string): Subject => ({
    name: `knex ${name}`,
    file: process.execPath,
    args: [join(folder, "node_modules/knex/bin/cli.js"), "--knexfile", "knexfile.cjs", name],
    env: { MYSQL_PWD: target.password ?? "" },
    cwd: home,
  });
  return { up: run("migrate:latest"), status: run("migrate:status") };
}

export function dbmate({ folder, target, migrations }: Place): Peer {
  const home = join(folder, "dbmate");
  mkdirSync(home, { recursive: true });
  for (let at = 0; at < migrations; at++) {
    const content = `-- migrate:up\n${tableOf(at)};\n\n-- migrate:down\nDROP TABLE T${at};\n`;
    writeFileSync(join(home, `${nameOf(at)}.sql`), content);
  }
  const { user, password = "", host, port, database } = target;
  const run = (name: string): Subject => ({
    name: `dbmate ${name}`,
    // The program itself: the one that npm puts on the PATH starts Node first.
    file: join(folder, `node_modules/@dbmate/${process.platform}-${process.arch}/bin/dbmate`),
    args: ["--no-dump-schema", "--migrations-dir", home, name],
    env: { DATABASE_URL: `mysql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}` },
    cwd: home,
  });
  return { up: run("migrate"), status: run("status") };
}
