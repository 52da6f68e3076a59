/**
 * Measures commands from start to end, with the packed build as npm installs it, in comparison with Node alone and
 * other migration tools. Each tool has the same number of migrations, all applied, on the same server.
 *
 *   node scripts/bench/commands.ts [RUNS]
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../src/db/connect.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { loadBase } from "../../src/base/load-base.ts";
import type { RunningServer } from "../../src/server/provider.ts";
import { environment, installed } from "./installed.ts";
import { type Subject, figures, figuresOf, inTurns, median, once, print } from "./measure.ts";
import { dbmate, knex, peerPackages } from "./peers.ts";
import { bothServers, newDatabase } from "./servers.ts";

const RUNS = Number(process.argv[2] ?? 30);

/** The lower limit for every command with this driver. */
const driverAlone = `
  import { createConnection } from "mysql2/promise";
  const { hostname: host, port, username: user } = new URL(process.env.ISPYB_MIGRATE_URL);
  const db = await createConnection({ host, port, user, password: process.env.MYSQL_PWD });
  await db.query("SELECT 1");
  await db.end();
`;

using build = await installed(peerPackages);
const { folder } = build;
writeFileSync(join(folder, "driver-alone.js"), driverAlone);
const migrations = (await loadMigrations()).length;
for await (const server of bothServers()) await measure(server);

async function measure(server: RunningServer): Promise<void> {
  const target = await newDatabase(server, "ispyb_bench");
  {
    await using db = await connect(target);
    await loadBase(db, "official");
  }
  const peers = [
    knex({ folder, migrations, target: await newDatabase(server, "knex_bench") }),
    dbmate({ folder, migrations, target: await newDatabase(server, "dbmate_bench") }),
  ];
  for (const up of [build.command(target, "up", "--yes"), ...peers.map((peer) => peer.up)]) once(up);

  const node = { file: process.execPath, env: environment(target) };
  const bare: Subject = { ...node, name: "node", args: ["--eval", "0"] };
  const driver: Subject = { ...node, name: "node, mysql2, SELECT 1", args: [join(folder, "driver-alone.js")] };
  const [version, help, status, verify] = ["--version", "--help", "status", "verify"].map((word) =>
    build.command(target, word),
  ) as [Subject, Subject, Subject, Subject];
  const goals = new Map([
    [version, "1.5 × node"],
    [status, "4 × node, and below knex"],
  ]);

  const subjects = [bare, version, help, driver, status, verify, ...peers.map((peer) => peer.status)];
  const measured = inTurns(subjects, RUNS);
  const alone = median(measured.get(bare) ?? []);
  const rows = [...measured].map(([subject, times]) => {
    const ratio = (median(times) / alone).toFixed(1);
    return [subject.name, ...figuresOf(times), ratio, goals.get(subject) ?? ""];
  });
  print(`${server.description}, Node ${process.version}, ${migrations} migrations, all applied; ${RUNS} runs of each`, [
    ["command", ...figures, "× node", "goal"],
    ...rows,
  ]);
}
