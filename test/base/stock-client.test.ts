/** Statement for statement as the stock client: what a server receives from our reader and from it, by its general log. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baseFiles } from "../../src/base/base-files.ts";
import { split } from "../../src/base/split-script.ts";
import { temporaryFolder } from "../support/folder.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { chance, limit } from "../support/proof.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { type StockClient, stockClient } from "../support/stock-client.ts";
import { nasty, nastyOnMariaDb } from "./nasty-scripts.ts";
import { sentByClient, sentByReader } from "./sent.ts";
import { withoutComments } from "./without-comments.ts";

const found = await stockClient((line) => process.stderr.write(`tests: ${line}\n`));
if ("reason" in found && everythingIsWanted()) throw new Error(found.reason);

/** The two repositories, where they are; nothing of them is part of this project. */
const checkouts = ["ISPYB_OFFICIAL_DIR", "ISPYB_DIAMOND_DIR"] as const;

function both(client: StockClient, db: TestDatabase) {
  return async (path: string) => ({
    ours: (await sentByReader(db, path)).map(withoutComments),
    // MySQL logs a conditional comment that it skips as a plain one.
    theirs: (await sentByClient(client, db, path)).map(withoutComments),
  });
}

describe.skipIf("reason" in found)("a server receives from our reader what it receives from the stock client", () => {
  const client = found as StockClient;
  onEveryServer("of", (lane) => {
    test("scripts on which readers disagree", { timeout: 300_000 }, async () => {
      await using folder = await temporaryFolder();
      await using db = await freshDatabase(lane, "empty", { generalLog: true });
      const path = join(folder.path, "script.sql");
      const [ours, theirs]: [Record<string, string[]>, Record<string, string[]>] = [{}, {}];
      const scripts = lane.vendor === "mariadb" ? { ...nasty, ...nastyOnMariaDb } : nasty;
      for (const [name, script] of Object.entries(scripts)) {
        await writeFile(path, script);
        const sent = await both(client, db)(path);
        ours[name] = sent.ours;
        theirs[name] = sent.theirs;
      }
      expect(ours).toEqual(theirs);
      // What the client does not send at all would be equal, too.
      expect(Object.values(theirs).flat().length).toBeGreaterThan(80);
    });

    test("a routine with comments, byte for byte, if the client is to keep them", async () => {
      await using folder = await temporaryFolder();
      await using db = await freshDatabase(lane, "empty", { generalLog: true });
      const path = join(folder.path, "script.sql");
      const body =
        "BEGIN\n  -- what it's for; and why\n  SELECT 1; # one\n  /* two; */ SELECT /*+ MAX_EXECUTION_TIME(9) */ 2;\nEND";
      await writeFile(path, `DELIMITER $$\nCREATE PROCEDURE p()\n${body}$$\nDELIMITER ;\n`);
      const ours = await sentByReader(db, path);
      expect(ours).toEqual([`CREATE PROCEDURE p()\n${body}`]);
      expect(ours).toEqual(await sentByClient(client, db, path, ["--comments"]));
    });

    test.each(["official", "diamond"])("the base %s", { timeout: 300_000 }, async (base) => {
      await using db = await freshDatabase(lane, "empty", { generalLog: true });
      for (const { path } of (await baseFiles(base)).files) {
        const { ours, theirs } = await both(client, db)(path);
        expect(ours).toEqual(theirs);
        expect(ours.length).toBeGreaterThan(30);
      }
    });

    for (const variable of checkouts) {
      const checkout = process.env[variable];
      test.skipIf(checkout === undefined)(`the checkout in ${variable}`, { timeout: 600_000 }, async () => {
        await using db = await freshDatabase(lane, "empty", { generalLog: true });
        const { files } = await baseFiles(checkout ?? "");
        for (const { path, name } of files) {
          const { ours, theirs } = await both(client, db)(path);
          expect(ours, name).toEqual(theirs);
          expect(ours.length, name).toBeGreaterThan(5);
        }
      });
    }

    test("what chance makes of quotes, comments, delimiters and line breaks", limit(300), async () => {
      await using folder = await temporaryFolder();
      await using db = await freshDatabase(lane, "empty", { generalLog: true });
      const path = join(folder.path, "script.sql");
      const short = "' \" ` ; ;; $$ --1 # /* */ /*! /*M! a 1 'a\\'b' \"\\\\\" 'a\\\nb'".split(" ");
      const long = [
        "-- ",
        "\n",
        "\n",
        "\r\n",
        " ",
        "\t",
        "\nDELIMITER $$\n",
        "\ndelimiter ;\n",
        "SELECT 1",
        "/*!50001 ",
        " */",
      ];
      const word = fc.constantFrom(...short, ...long);
      const script = fc.array(word, { minLength: 3, maxLength: 40 }).map((words) => words.join(""));
      await fc.assert(
        fc.asyncProperty(script, async (text) => {
          // A backslash outside of quotes is a command of the client, which our reader refuses.
          fc.pre(split(text).every(({ command }) => command === undefined));
          await writeFile(path, text);
          const { ours, theirs } = await both(client, db)(path);
          // Within a statement, the client loses the line break after a line that begins with the word; that is its fault.
          fc.pre(!theirs.some((statement) => /delimiter/i.test(statement)));
          expect(ours).toEqual(theirs);
        }),
        chance(300),
      );
    });
  });
});
