/** Test databases with a facility's own migrations: a template of their own, made again when a file changes. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { MigrateError } from "../../src/errors.ts";
import { startSandbox } from "../../src/sandbox/library.ts";
import { facilityFolder, newColumn } from "../facility/folder.ts";
import { provisioned } from "../provision/provisioning.ts";
import { ask } from "../support/ask.ts";
import { freshDatabase, lanes } from "../support/servers.ts";
import { spawnSandbox } from "./spawn-sandbox.ts";

// What differs by server is how migrations are applied, which test/facility proves.
const [lane] = lanes;

// A template outlives a run of the tests: one of another run is none of ours.
const ofThisRun = `-- ${randomUUID()}\n`;
const files = {
  "2026_01_01_queue.sql": `${ofThisRun}CREATE TABLE dlsQueue (dlsQueueId int NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;\n`,
  "2026_01_02_weight.ts": newColumn("dlsQueue", "dlsWeight"),
};
interface Column {
  readonly name: string;
}
const columns = "SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_NAME = 'dlsQueue' ORDER BY 1";

test.skipIf(lane === undefined)("a sandbox has them, and its template is made again for another text", async () => {
  if (lane === undefined) return;
  await using folder = await facilityFolder(files);
  const options = { server: lane.name, migrations: `dls=${folder.path}`, stories: ["multi-sweep"] };
  const reports: string[] = [];
  const report = (line: string) => void reports.push(line);
  const names = async () => {
    await using sandbox = await startSandbox({ ...options, report });
    expect(await sandbox.check()).toEqual([]);
    return (await ask<Column>(sandbox.url, columns)).map(({ name }) => name);
  };
  expect(await names()).toEqual(["dlsQueueId", "dlsWeight"]);
  expect(reports.join("\n")).toContain("preparing a template");
  reports.length = 0;
  expect(await names()).toEqual(["dlsQueueId", "dlsWeight"]);
  expect(reports).toEqual([]);
  await folder.write("2026_01_03_place.ts", newColumn("dlsQueue", "dlsPlace"));
  expect(await names()).toEqual(["dlsPlace", "dlsQueueId", "dlsWeight"]);
  expect(reports.join("\n")).toContain("preparing a template");
});

test.skipIf(lane === undefined)("the command takes them, and refuses a folder that cannot be used", async () => {
  if (lane === undefined) return;
  await using folder = await facilityFolder(files);
  const script = "console.log(process.env.ISPYB_URL)";
  const running = (given: string) =>
    spawnSandbox(["--server", lane.name, "--migrations", given, "--", process.execPath, "-e", script]).ended;
  expect(await running(`dls=${folder.path}`)).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^mysql:/) });
  const missing = await running(`dls=${folder.path}/nowhere`);
  expect([missing.exit, missing.stderr]).toEqual([78, expect.stringContaining(`${folder.path}/nowhere`)]);
  const unnamed = await running(folder.path);
  expect([unnamed.exit, unnamed.stderr]).toEqual([64, expect.stringContaining("invalid value for --migrations")]);
  await folder.write("2026_01_04_bad.sql", "ALTER TABLE dlsQueue ADD a int;\n");
  await expect(startSandbox({ server: lane.name, migrations: `dls=${folder.path}` })).rejects.toBeInstanceOf(
    MigrateError,
  );
});

test.skipIf(lane === undefined)("provision makes databases with them, and replaces those of another text", async () => {
  if (lane === undefined) return;
  await using folder = await facilityFolder(files);
  await using server = await freshDatabase(lane, "empty");
  const given = ["--migrations", `dls=${folder.path}`];
  const treated = async () => {
    const [database] = await provisioned(server, given);
    const found = await ask<Column>(database?.url ?? "", columns);
    return [database?.treatment, ...found.map(({ name }) => name)];
  };
  expect(await treated()).toEqual(["created", "dlsQueueId", "dlsWeight"]);
  expect(await treated()).toEqual(["reset", "dlsQueueId", "dlsWeight"]);
  await folder.write("2026_01_03_place.ts", newColumn("dlsQueue", "dlsPlace"));
  expect(await treated()).toEqual(["replaced", "dlsPlace", "dlsQueueId", "dlsWeight"]);
});
