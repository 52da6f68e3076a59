/** Servers that are too old, too new, or greet with a wrong version: real servers behind a proxy. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { commands } from "../../src/cli/commands.ts";
import { runOn } from "../cli/run-cli.ts";
import { pretending } from "../support/greeting-proxy.ts";
import { type Lane, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { catalogOf, journalOf, verbsSent } from "../support/upgrade.ts";

const tooOld: Readonly<Record<Lane["vendor"], { readonly version: string; readonly said: readonly string[] }>> = {
  mariadb: { version: "10.4.34-MariaDB", said: ["MariaDB 10.4.34", "MariaDB 10.5 or newer"] },
  mysql: { version: "5.7.44", said: ["MySQL 5.7.44", "MySQL 8.0 or newer"] },
};

/** From July 2026 on MySQL counts years and months. */
const tooNew: Readonly<Record<Lane["vendor"], { readonly version: string; readonly name: string }>> = {
  mariadb: { version: "12.3.2-MariaDB-log", name: "MariaDB 12.3.2" },
  mysql: { version: "26.7.0", name: "MySQL 26.7.0" },
};

const NOT_TESTED = "not tested: our test suite was not run on this server version";

/** Every command that talks to a server, with what else it has to be told. */
const more: Readonly<Record<string, readonly string[]>> = {
  accept: ["2017_10_16_1_processing_job_tables", "--reason", "a test", "--yes"],
  forget: ["2017_10_16_1_processing_job_tables", "--reason", "a test", "--yes"],
  up: ["--yes"],
  down: ["--last", "1", "--yes"],
  seed: ["multi-sweep", "--yes"],
};
const asking = commands.filter(({ needs }) => needs === "database").map(({ name }) => [name, ...(more[name] ?? [])]);

/** The proxy has no TLS, and an account of MySQL asks for the server's public key then. */
function runPast(proxy: Parameters<typeof runOn>[0], args: readonly string[]) {
  return runOn(proxy, [...args, "--get-server-public-key"]);
}

onEveryServer("the version of a server", (lane) => {
  test("too old: every command refuses, and sends no statement that could change anything", async () => {
    await using db = await upgradedDatabase(lane, "official", { generalLog: true });
    const [catalog, journal] = [await catalogOf(db), await journalOf(db)];
    await db.query("TRUNCATE mysql.general_log");

    const { version, said } = tooOld[lane.vendor];
    await using old = await pretending(db, { version });
    expect(asking.length).toBeGreaterThan(3);
    for (const args of asking) {
      const refused = await runPast(old, args);
      expect(refused.exit, args.join(" ")).toBe(4);
      expect(refused.stdout).toBe("");
      expect(refused.stderr).toMatch(/^error SERVER_UNSUPPORTED: (?:MariaDB|MySQL) [\d.]+ is too old$/m);
      for (const words of [...said, "nothing was changed"]) expect(refused.stderr).toContain(words);
    }
    expect(["SELECT", "SET", "SHOW"]).toEqual(expect.arrayContaining(await verbsSent(db)));
    expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
    expect(await journalOf(db)).toEqual(journal);
  });

  test("too new: everything works, with a line that it was not tested", async () => {
    await using db = await freshDatabase(lane, "official");
    const { version, name } = tooNew[lane.vendor];
    await using next = await pretending(db, { version });
    for (const [exit, ...args] of [
      [1, "status"],
      [0, "plan"],
      [0, "up", "--yes"],
      [0, "status"],
      [0, "verify"],
    ] as const) {
      const result = await runPast(next, args);
      expect(result.exit, result.stderr).toBe(exit);
      expect(result.stdout + result.stderr, args.join(" ")).toContain(NOT_TESTED);
      expect(result.stdout + result.stderr).toContain(name);
    }
    const { stdout } = await runPast(next, ["status", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ upToDate: true, server: { product: name, tested: false } });

    const tested = await runOn(db, ["verify"]);
    expect(tested.exit).toBe(0);
    expect(tested.stdout).not.toContain("not tested");
  });

  test("no version at all: refused, in the server's own words", async () => {
    await using db = await freshDatabase(lane, "official");
    await using nameless = await pretending(db, { version: "a build of ours" });
    for (const args of [["status"], ["up", "--yes"]]) {
      const refused = await runPast(nameless, args);
      expect(refused.exit).toBe(4);
      expect(refused.stderr).toContain("error SERVER_UNSUPPORTED: the server's version cannot be read");
      expect(refused.stderr).toContain("a build of ours");
      expect(refused.stderr).toContain("nothing was changed");
    }
    expect(await db.query("SHOW TABLES LIKE 'ispyb_migrate%'")).toEqual([]);
  });

  test("the version in the greeting of a proxy does not count, newer or older than the server behind it", async () => {
    await using db = await freshDatabase(lane, "official");
    const { version, said } = tooOld[lane.vendor];
    await using worse = await pretending(db, { version, greeting: tooNew[lane.vendor].version });
    const refused = await runPast(worse, ["up", "--yes"]);
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toContain(said[0]);
    expect(await db.query("SHOW TABLES LIKE 'ispyb_migrate%'")).toEqual([]);

    await using better = await pretending(db, { greeting: "5.5.30" });
    const up = await runPast(better, ["up", "--yes"]);
    expect(up.exit, up.stderr).toBe(0);
    const status = await runPast(better, ["status"]);
    expect(status.exit).toBe(0);
    expect(status.stdout).not.toContain("not tested");
  });

  test("a MariaDB that is configured to call itself MySQL is recognised as MariaDB", async (context) => {
    if (lane.vendor !== "mariadb") context.skip();
    await using db = await freshDatabase(lane, "official");
    await using masked = await pretending(db, { version: "8.0.36-log" });
    const refused = await runOn(masked, ["status"]);
    expect(refused.exit, refused.stderr).toBe(4);
    expect(refused.stderr).toContain("found   MariaDB 8.0.36");
  });
});
