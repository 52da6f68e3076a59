/** What `provision` refuses, before its first change. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import type { FailureDocument } from "../../src/documents/failure.ts";
import { installReset } from "../../src/reset/install.ts";
import { temporaryFolder } from "../support/folder.ts";
import { databaseSetUpWith } from "../support/own-server.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { ask } from "../support/ask.ts";
import { type Account, inventoryOf, provisioned, run } from "./provisioning.ts";

/** The error of a refused call. */
async function refusal(
  server: TestDatabase,
  args: readonly string[] = [],
  account?: Account,
): Promise<FailureDocument> {
  const { exit, stdout } = await run(server, [...args, "--json", "--yes"], account);
  expect(exit).not.toBe(0);
  return (JSON.parse(stdout) as { error: FailureDocument }).error;
}

onEveryServer("provision refuses", (lane) => {
  test.each([
    ["a table", "CREATE TABLE ispyb_2.mine (id int)"],
    ["a procedure", "CREATE PROCEDURE ispyb_2.mine () SELECT 1"],
    ["an event", "CREATE EVENT ispyb_2.mine ON SCHEDULE EVERY 1 YEAR DO SELECT 1"],
  ])("a database with %s that it did not make", async (_what, sql) => {
    await using server = await freshDatabase(lane, "empty");
    await server.query("CREATE DATABASE ispyb_2");
    await server.query(sql);
    const before = await inventoryOf(server);
    const error = await refusal(server, ["--workers", "2"]);
    expect(error).toMatchObject({
      code: "CONFLICT",
      where: "ispyb_2",
      message: "database ispyb_2 is not empty, and was not made by `provision`",
      next: [
        `ispyb-migrate provision --database NAME --url mysql://root@${server.host}:${server.port}   # creates NAME_1, NAME_2 and so on`,
        "or, if it is not needed, drop database ispyb_2",
      ],
    });
    expect(await inventoryOf(server)).toEqual(before);
    // An empty one is taken.
    await server.query("CREATE DATABASE ispyb_1");
    expect(await provisioned(server, ["--workers", "1"])).toMatchObject([{ name: "ispyb_1", treatment: "filled" }]);
    expect((await refusal(server, ["--workers", "2"])).code).toBe("CONFLICT");
  });

  test("a base that cannot be loaded or upgraded: the error is about its file, and has a way out", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using folder = await temporaryFolder();
    const own = join(folder.path, "own.sql");
    const write = (...statements: string[]) => writeFile(own, statements.map((each) => `${each};\n`).join(""));
    const done = "no test database was created or changed";
    const databases = async () =>
      (await inventoryOf(server)).filter((what) => /^database (?!ispyb_sandbox$)/.test(what));
    const before = await databases();

    await write("CREATE TABLE Mine (id int)", "CREATE TABLE Mine (id int)");
    expect(await refusal(server, ["--base", own])).toMatchObject({ code: "STATEMENT_FAILED", where: `${own}:2`, done });
    await write("CREATE TABLE Mine (id int)");
    expect(await refusal(server, ["--base", own])).toMatchObject({
      code: "NOT_ISPYB",
      message: `${own} is not an ISPyB database`,
      where: own,
      done,
      next: ["give a schema of ISPyB with --base: official, diamond, a dump, or a checkout of ispyb-database"],
    });
    await write("CREATE TABLE ProcessingJob (id int)");
    const given = ["--base", "official", "--base", own];
    const conflict = await refusal(server, given);
    expect(conflict).toMatchObject({
      code: "CONFLICT",
      where: `official, ${own}: ProcessingJob.processingJobId`,
      done,
      next: expect.arrayContaining([
        "put the statements that you choose into a file, and give it with a further --base",
      ]),
    });
    expect(JSON.stringify(conflict)).not.toContain("ispyb_sandbox_source");
    expect(await databases()).toEqual(before);

    const away = join(folder.path, "away.sql");
    await writeFile(away, conflict.next.find((each) => each.startsWith("RENAME TABLE")) ?? "nothing to run");
    expect(await provisioned(server, [...given, "--base", away])).toHaveLength(1);
  });

  test("an account or a schema of its names that it did not make", async () => {
    await using server = await freshDatabase(lane, "empty");
    await server.query("CREATE DATABASE ispyb_sandbox");
    await server.query("CREATE TABLE ispyb_sandbox.mine (id int)");
    const before = await inventoryOf(server);
    expect(await refusal(server)).toMatchObject({
      code: "CONFLICT",
      where: "ispyb_sandbox",
      next: ["use another server", "or, if it is not needed, drop database ispyb_sandbox"],
    });
    expect(await inventoryOf(server)).toEqual(before);
    await server.query("DROP DATABASE ispyb_sandbox");
    await server.query("CREATE USER ispyb_1");
    expect(await refusal(server)).toMatchObject({ code: "CONFLICT", where: "'ispyb_1'@'%'" });
    expect(await refusal(server, ["--database", "Mine"])).toMatchObject({ code: "USAGE", where: "Mine" });
    expect(await refusal(server, ["--database", "ispyb_sandbox_x"])).toMatchObject({ code: "USAGE" });
  });

  test("the server of a sandbox, also to remove its databases", async () => {
    await using server = await freshDatabase(lane, "empty");
    await using db = await connect(targetOf(server));
    await installReset(db);
    await server.query("INSERT INTO ispyb_sandbox.registered VALUES ('empty', 'content', 'empty', '%')");
    const before = await inventoryOf(server);
    const refused = { code: "CONFLICT", message: "this server is a sandbox, which has its test databases already" };
    expect(await refusal(server)).toMatchObject(refused);
    expect(await refusal(server, ["remove", "--database", "empty"])).toMatchObject(refused);
    expect(await inventoryOf(server)).toEqual(before);
  });

  test("a read-only server", async () => {
    await using server = await freshDatabase(lane, "empty");
    await server.query("SET GLOBAL read_only = ON");
    expect(await refusal(server)).toMatchObject({ code: "SERVER_READ_ONLY" });
  });

  test("an account without the rights, and its GRANT is enough", async () => {
    await using server = await databaseSetUpWith(lane, ["--log-bin=binlog", "--server-id=1"]);
    const account = { user: "tester", password: "Tester-7-Aa" };
    await server.query(`CREATE USER tester IDENTIFIED BY '${account.password}'`);
    const before = await inventoryOf(server);
    const error = await refusal(server, [], account);
    expect(error).toMatchObject({ code: "MISSING_PRIVILEGE", where: "tester@%" });
    expect(await inventoryOf(server)).toEqual(before);
    const [grant = ""] = error.next;
    expect(grant).toMatch(/^GRANT .* ON \*\.\* TO 'tester'@'%' WITH GRANT OPTION;$/);
    await server.query(grant.replace(/;$/, ""));
    const [database] = await provisioned(server, ["multi-sweep"], account);
    await ask(database?.url ?? "", "DELETE FROM ProcessingJob");
    await ask(database?.url ?? "", "CALL ispyb_sandbox.reset('ispyb_1')");
    expect(await ask(database?.url ?? "", "SELECT COUNT(*) AS jobs FROM ProcessingJob")).toEqual([{ jobs: 1 }]);
    expect(await run(server, ["remove", "--yes"], account)).toMatchObject({ exit: 0, stderr: "" });
    expect((await inventoryOf(server)).filter((each) => !each.includes("tester"))).toEqual(
      before.filter((each) => !each.includes("tester")),
    );
  });
});
