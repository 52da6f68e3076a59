/** Old facilities have zero dates in their tables, on servers that forbid them now. */
import type { Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn } from "../cli/run-cli.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf, migrationNames } from "../support/upgrade.ts";

/** Both pull requests, from before the parameters grew and messages had to be complete. */
const byHand = (time: string) => [
  "CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, dataCollectionId int unsigned, " +
    "displayName varchar(80), comments varchar(255), recordTimestamp timestamp NOT NULL DEFAULT current_timestamp(), " +
    "recipe varchar(50), automatic tinyint(1), " +
    "CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
  "CREATE TABLE ProcessingJobParameter (processingJobParameterId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
    "processingJobId int unsigned, parameterKey varchar(80), parameterValue varchar(255), " +
    "CONSTRAINT ProcessingJobParameter_ibfk1 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
  "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
    `autoProcProgramId int unsigned, recordTimeStamp timestamp ${time} DEFAULT current_timestamp, ` +
    "severity enum('ERROR','WARNING','INFO'), message varchar(200), description text, " +
    "CONSTRAINT AutoProcProgramMessage_fk1 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
];

/** Every table that is changed, and not only made. */
const tables = [
  "AutoProcProgram",
  "AutoProcProgramAttachment",
  "AutoProcProgramMessage",
  "ProcessingJob",
  "ProcessingJobParameter",
];

const zeros = [
  ...tables.map((table) => `ALTER TABLE ${table} ADD COLUMN checkedOn date NOT NULL DEFAULT '0000-00-00'`),
  "UPDATE AutoProcProgram SET processingStartTime = '0000-00-00 00:00:00', processingEndTime = '2012-00-00 00:00:00' WHERE autoProcProgramId < 4",
  "UPDATE AutoProcProgramAttachment SET recordTimeStamp = '0000-00-00 00:00:00', checkedOn = '2012-02-00'",
  "INSERT INTO ProcessingJob (processingJobId, recordTimestamp) VALUES (1, '0000-00-00 00:00:00')",
  "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES (1, 'd_min', '1.8'), (1, 'cell', REPEAT('7', 255))",
  "INSERT INTO AutoProcProgramMessage (autoProcProgramId, recordTimeStamp, severity) VALUES (1, '0000-00-00 00:00:00', 'INFO')",
];

const forbidding = "SET GLOBAL sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE'";

onEveryServer("zero dates where they are forbidden", (lane) => {
  // On MariaDB a time becomes NOT NULL by a copy, and the severity in the same statement.
  test.each([
    ["NULL", ["COPY", "INSTANT", "NOCOPY"]],
    ["NOT NULL", ["COPY", "INPLACE", "INSTANT", "NOCOPY"]],
  ])(
    "whatever way a table is changed in, there and back, its rows stay as they are: times %s",
    async (time, onMariadb) => {
      await using db = await freshDatabase(lane, "official");
      const lenient = await db.connection();
      for (const statement of ["SET SESSION sql_mode = ''", ...byHand(time), ...zeros]) await lenient.query(statement);
      const [before, rows] = [await catalogOf(db), await rowsOf(lenient)];
      expect(JSON.stringify(rows).match(/0000-00-00|20\d\d-\d\d-00/g)?.length).toBeGreaterThan(20);
      await db.query(forbidding);

      const plan = await runOn(db, ["plan", "--json"]);
      expect(plan.exit, plan.stderr).toBe(0);
      const ways = new Set([...plan.stdout.matchAll(/ALGORITHM=(\w+)/g)].map(([, algorithm = ""]) => algorithm));
      expect([...ways].toSorted()).toEqual(lane.vendor === "mariadb" ? onMariadb : ["COPY", "INPLACE", "INSTANT"]);
      const up = await runOn(db, ["up", "--yes"]);
      expect(up.exit, up.stderr).toBe(0);
      const verify = await runOn(db, ["verify"]);
      expect(verify.exit, verify.stdout).toBe(0);
      expect(await rowsOf(lenient, rows)).toEqual(rows);

      const [first = ""] = await migrationNames();
      const down = await runOn(db, ["down", "--to", first, "--yes"]);
      expect(down.exit, down.stderr).toBe(0);
      expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
      expect(await rowsOf(lenient)).toEqual(rows);
    },
  );
});

type Rows = Readonly<Record<string, readonly Record<string, unknown>[]>>;

/** What the tables hold, in the columns that they had at the time. */
async function rowsOf(db: Connection, then?: Rows): Promise<Rows> {
  const found: Record<string, Record<string, unknown>[]> = {};
  for (const table of tables) {
    const columns = Object.keys(then?.[table]?.[0] ?? {}).map((name) => `\`${name}\``);
    const [rows] = await db.query(`SELECT ${columns.join(", ") || "*"} FROM ${table} ORDER BY 1`);
    found[table] = rows as Record<string, unknown>[];
  }
  return found;
}
