/** A `down` that is killed while it deletes what it saved: its files hold everything, and their first lines say how to restore it. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type Counter, CutOff, cuttingConnect } from "../migrate/cut.ts";
import { restoreAll, restoreSaved } from "../migrate/restore-saved.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type TestDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { checksums, takeDown, upgrade } from "../support/upgrade.ts";

const rows = [
  "INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (41, 1), (42, 2)",
  "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey) VALUES (41, 'a'), (42, 'b')",
  "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (41, 1, 1, 9)",
  "UPDATE AutoProcProgram SET processingJobId = 41, jobUuid = REPEAT('x', 16) WHERE autoProcProgramId = 1",
];

async function contents(db: TestDatabase) {
  const { ProcessingJob, ProcessingJobParameter, ProcessingJobImageSweep, AutoProcProgram } = await checksums(db);
  return { ProcessingJob, ProcessingJobParameter, ProcessingJobImageSweep, AutoProcProgram };
}

async function textOf(path: string): Promise<string> {
  return gunzipSync(await readFile(path)).toString("utf8");
}

onEveryServer("a down that is killed", (lane) => {
  test.each([
    ["after the server did it", 1],
    ["before the server got it", 1],
    ["after the server did it", 2],
    ["before the server got it", 3],
  ] as const)("%s, at drop %i from the end: nothing of what was deleted is lost", async (when, fromEnd) => {
    await using db = await upgradedDatabase(lane, "official");
    await using twin = await upgradedDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const sent: Counter = { sent: 0, texts: [] };
    for (const sql of rows) await twin.query(sql);
    await takeDown(twin, { connect: cuttingConnect(twin, sent) });
    const drops = (sent.texts ?? []).flatMap((text, at) => (/^DROP TABLE .*aside/.test(text) ? [at + 1] : []));
    const at = drops.at(-fromEnd) ?? expect.fail(String(sent.texts));

    for (const sql of rows) await db.query(sql);
    const before = await contents(db);
    const killed = takeDown(db, { saveTo: folder.path, connect: cuttingConnect(db, { sent: 0 }, { at, when }) });
    await expect(killed).rejects.toBeInstanceOf(CutOff);
    await upgrade(db);
    const names = (await readdir(folder.path)).toSorted();
    expect(names).toEqual([expect.stringMatching(/\.last\.sql\.gz$/), expect.stringMatching(/Z\.sql\.gz$/)]);
    const [last = "", main = ""] = names;
    expect(await textOf(join(folder.path, main))).toContain(
      `restore it, too; its first lines say how' AS \`not complete\`;\n`,
    );
    expect(await textOf(join(folder.path, main))).toContain(`-- If a file ${last} is beside this one`);
    expect(await textOf(join(folder.path, last))).toContain(
      `-- If a file ${main} is beside this one, it holds what was deleted before.`,
    );

    if (when === "before the server got it") {
      await restoreSaved(db, join(folder.path, main));
      expect(await contents(db)).toEqual(before);
      await expect(restoreSaved(db, join(folder.path, last))).rejects.toMatchObject({ errno: 1062 });
    } else await restoreAll(db, folder.path);
    expect(await contents(db)).toEqual(before);
  });
});
