/** Where the script of `plan --sql` is written, and what is printed with it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { statements } from "../../src/base/split-script.ts";
import { temporaryFolder } from "../support/folder.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf, upgrade } from "../support/upgrade.ts";
import { runOn } from "./run-cli.ts";

onEveryServer("plan --sql", (lane) => {
  test("a file beside the plan, stdout instead of it, a field of the document: the same script each time", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "upgrade.sql");
    await using db = await freshDatabase(lane, "official");
    const before = await catalogOf(db);
    const written = await runOn(db, ["plan", "--sql", file]);
    expect(written).toMatchObject({ exit: 0, stdout: expect.stringContaining("create table ProcessingJob") });
    expect(written.stderr).toContain(`the script is in ${file}`);
    const script = await readFile(file, "utf8");
    expect(statements(script).length).toBeGreaterThan(100);
    expect(await runOn(db, ["plan", "--sql", "-", "--check"])).toMatchObject({ exit: 1, stdout: script, stderr: "" });
    const document = JSON.parse((await runOn(db, ["plan", "--sql", "-", "--json"])).stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ command: "plan", ok: true, script });
    expect(await catalogOf(db)).toEqual(before);
    expect(await db.query("SHOW TABLES LIKE 'ispyb_migrate%'")).toEqual([]);
  });

  test("a file that cannot be written, a schema that up would refuse, and nothing pending", async () => {
    await using folder = await temporaryFolder();
    await using db = await freshDatabase(lane, "official");
    const nowhere = await runOn(db, ["plan", "--sql", join(folder.path, "no-such-folder", "x.sql")]);
    expect(nowhere).toMatchObject({ exit: 64, stderr: expect.stringContaining("the script could not be written") });

    await db.query("CREATE TABLE ProcessingJob (processingJobId varchar(36) NOT NULL PRIMARY KEY) ENGINE=InnoDB");
    const refused = await runOn(db, ["plan", "--sql", "-"]);
    expect(refused).toMatchObject({ exit: 4, stdout: "", stderr: expect.stringContaining("error CONFLICT") });
    await db.query("DROP TABLE ProcessingJob");

    await upgrade(db);
    const idle = await runOn(db, ["plan", "--sql", "-"]);
    expect(idle).toMatchObject({ exit: 0, stdout: expect.stringContaining("Nothing is pending") });
    expect(statements(idle.stdout)).toEqual([]);
  });
});
