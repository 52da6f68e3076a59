/**
 * A facility gives its tables another character set. The server makes texts larger with it; that is no conflict, before an `up`
 * and after it, and nothing narrows a column again.
 */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { takeDown } from "../support/upgrade.ts";
import { callAsClients } from "./facilities/clients.ts";
import { jobRows, jobTables, messageRows, messageTable } from "./pull-requests.ts";

/** As pull requests 35 and 36 leave it, with all texts in latin1. */
const requests = [
  ...jobTables,
  ...jobRows,
  messageTable({ time: "NULL", charset: "ENGINE=InnoDB DEFAULT CHARSET=latin1" }),
  messageRows,
];

const tables = [
  "ProcessingJob",
  "ProcessingJobParameter",
  "ProcessingJobImageSweep",
  "AutoProcProgramMessage",
  "AutoProcProgram",
  "AutoProcProgramAttachment",
];

/** What is done to each table, and the type of a message's description after it. */
const conversions = [
  { to: "CONVERT TO CHARACTER SET utf8mb4", text: "mediumtext" },
  { to: "CONVERT TO CHARACTER SET utf8mb3", text: "mediumtext" },
  { to: "CONVERT TO CHARACTER SET latin1 COLLATE latin1_general_cs", text: "text" },
  { to: "DEFAULT CHARACTER SET utf8mb4", text: "text" },
] as const;

interface Shape {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly charset: string | null;
}

/** Of the text columns that are in both. */
async function shapes(db: TestDatabase): Promise<Shape[]> {
  return await db.query<Shape & object>(
    "SELECT TABLE_NAME AS `table`, COLUMN_NAME AS name, COLUMN_TYPE AS type, CHARACTER_SET_NAME AS charset FROM information_schema.COLUMNS " +
      "WHERE TABLE_SCHEMA = DATABASE() AND CHARACTER_SET_NAME IS NOT NULL AND TABLE_NAME LIKE '%Proc%' AND DATA_TYPE <> 'enum' " +
      "AND TABLE_NAME NOT LIKE 'ProcessingPipeline%' AND COLUMN_NAME <> 'parameterValue' ORDER BY 1, 2",
  );
}

async function ends(db: TestDatabase, exit: number, ...args: readonly string[]): Promise<string> {
  const ended = await runOn(db, args);
  expect(ended.exit, ended.stdout + ended.stderr).toBe(exit);
  return ended.stdout;
}

onEveryServer("tables in another character set", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.each(conversions)("$to, before the first up: adopted, and left alone", async ({ text, to }) => {
    await using db = await makeDatabase("official");
    for (const sql of requests) await db.query(sql);
    for (const table of tables) await db.query(`ALTER TABLE ${table} ${to}`);
    const before = await shapes(db);
    expect(before.find(({ name }) => name === "description")?.type).toBe(text);
    await ends(db, 0, "up", "--yes");
    await ends(db, 0, "verify");
    expect(await shapes(db)).toEqual(before);
    expect(await ends(db, 0, "up", "--yes")).toContain("nothing was pending");
    await callAsClients(db);
    await takeDown(db);
    expect(await shapes(db)).toEqual(before);
  });

  test.each(conversions)("$to, after an up: procedures follow, and nothing is narrowed", async ({ text, to }) => {
    await using db = await makeDatabase("official");
    await ends(db, 0, "up", "--yes");
    for (const table of tables) await db.query(`ALTER TABLE ${table} ${to}`);
    const before = await shapes(db);
    expect(before.find(({ name }) => name === "description")?.type).toBe(text);
    const { stdout } = await runOn(db, ["verify"]);
    expect(stdout).not.toMatch(/^different {2}(?:column|table)/m);
    await ends(db, 0, "up", "--yes");
    await ends(db, 0, "verify");
    await callAsClients(db);
    expect(await shapes(db)).toEqual(before);
  });
});
