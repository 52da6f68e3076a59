import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { runInProcess, startInProcess } from "../support/in-process.ts";
import { type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { guardProcess, misleading } from "./guarded-process.ts";

guardProcess();

const run = (args: readonly string[], options: Parameters<typeof runInProcess>[1] = {}) =>
  runInProcess(args, { cwd: misleading.path, ...options });

onEveryServer("the command line reads nothing from its process", (lane) => {
  test("two at once, each with its folder, password and colours", async () => {
    await using db = await freshDatabase(lane, "official");
    await using one = await temporaryFolder();
    await using other = await temporaryFolder();
    const env = { MYSQL_PWD: db.password };
    const plan = ["plan", "--url", urlOf(db), "--sql", "plan.sql"];
    const [plain, coloured, denied] = await Promise.all([
      run(plan, { env, cwd: one.path }),
      run(plan, { env: { ...env, FORCE_COLOR: "1" }, cwd: other.path }),
      run(plan, { env: { MYSQL_PWD: "another-password" } }),
    ]);
    expect([plain.exit, coloured.exit, denied.exit]).toEqual([0, 0, 78]);
    expect(coloured.stdout).not.toBe(plain.stdout);
    expect(stripVTControlCharacters(coloured.stdout)).toBe(plain.stdout);
    const scripts = [one, other].map(({ path }) => readFile(join(path, "plan.sql"), "utf8"));
    for (const script of await Promise.all(scripts)) expect(script).toContain("CREATE TABLE");
  });

  test("a question is asked on the terminal that was given, and answered there", async () => {
    await using db = await freshDatabase(lane, "official");
    const started = startInProcess(["up", "--url", urlOf(db)], {
      cwd: misleading.path,
      env: { MYSQL_PWD: db.password },
      // Wide enough that the question is on one line.
      tty: { columns: 300 },
    });
    await started.said("Type yes or no");
    started.type("y\r");
    await started.said("please type yes or no");
    started.type("\u007Fn\r");
    const { exit, stderr } = await started.ended;
    expect([exit, stderr.includes("DECLINED")]).toEqual([4, true]);
  });

  test("stories, pictures and saved rows are in the folder that was given", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const on = (args: string[]) =>
      run([...args, "--url", urlOf(db)], { env: { MYSQL_PWD: db.password }, cwd: folder.path });
    const story = await readFile(new URL("../../seeds/downstream.yaml", import.meta.url), "utf8");
    await writeFile(join(folder.path, "mine.yaml"), story);

    const seeded = await on(["seed", "--file", "mine.yaml", "--yes"]);
    expect(seeded.exit, seeded.stderr).toBe(0);
    const job = /ispyb-migrate show (\d+)/.exec(seeded.stdout)?.[1] ?? expect.fail(seeded.stdout);
    await db.query("UPDATE AutoProcProgram SET jobUuid = REPEAT('x', 16)");
    await mkdir(join(folder.path, "saved"));
    const shown = await on(["show", job, "--svg", "job.svg"]);
    expect(shown).toMatchObject({ exit: 0, stderr: "the picture is in job.svg\n" });
    const back = await on(["down", "--last", "2", "--allow-data-loss", "--save-to", "saved", "--yes"]);
    expect(back.exit, back.stderr).toBe(0);
    expect(await readdir(folder.path)).toEqual(["job.svg", "mine.yaml", "saved"]);
    expect(await readdir(join(folder.path, "saved"))).toHaveLength(1);
  });
});

// --- internal ---

function urlOf({ host, port, database }: TestDatabase): string {
  return `mysql://root@${host}:${port}/${database}`;
}
