/** The plan that README.md shows is what the tool prints; scripts/demo prints it to copy. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { runCli } from "./run-cli.ts";

/** Sizes are a server's estimates. */
const withoutSizes = (text: string) => text.replaceAll(/(?:less than )?[\d.]+ (?=rows|MB|s\b)/g, "N ");

/** The steps and the last line; the first lines name a server and an account. */
const shown = /^```text\n\$ ispyb-migrate plan .*\n(?:.+\n)+\n(?<steps>[\s\S]*?)\n\n(?<sum>\d.*)\n```$/m.exec(
  readFileSync(new URL("../../README.md", import.meta.url), "utf8"),
)?.groups;

onEveryServer("README.md", (lane) => {
  // MySQL has other words for ALGORITHM and LOCK.
  test.skipIf(lane.vendor === "mysql")("the plan in README.md is what the tool prints", async () => {
    await using db = await freshDatabase(lane, "official");
    const { exit, stdout } = await runCli(["plan", "--database", "ispyb"], {
      MYSQL_PWD: db.password,
      ISPYB_MIGRATE_URL: `mysql://root@${db.host}:${db.port}`,
    });
    expect(exit).toBe(0);
    expect(withoutSizes(stdout)).toContain(withoutSizes(shown?.["steps"] ?? "no plan in README.md"));
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(shown?.["sum"]);
  });
});
