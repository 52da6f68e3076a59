/** What the server would refuse in the middle of a run is refused before it, and what is printed helps. */
import { expect, test } from "vitest";
import { statements } from "../../src/base/split-script.ts";
import { runOn } from "../cli/run-cli.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import type { Vendor } from "../../src/dialect/product.ts";
import { picture } from "./facilities/picture.ts";
import { starts } from "./facilities/starts.ts";

interface State {
  readonly name: string;
  readonly sql: readonly string[];
  readonly says: string;
  /** What a person does, where no statement can be printed. */
  readonly byHand?: string;
  readonly only?: Vendor;
}

const loose = [
  "ALTER TABLE AutoProcProgramAttachment DROP FOREIGN KEY AutoProcProgramAttachmentFk1",
  "ALTER TABLE AutoProcProgramAttachment ENGINE=MyISAM",
];
const states: readonly State[] = [
  {
    name: "a table of ours in lower case, beside which ours would have the same foreign keys",
    sql: ["RENAME TABLE ProcessingJobParameter TO processingjobparameter"],
    says: "spells the tables of ISPyB in another way",
  },
  {
    name: "a table without InnoDB that gets columns",
    sql: loose,
    says: "table AutoProcProgramAttachment, engine: MyISAM instead of InnoDB",
  },
  {
    name: "a table without InnoDB that gets a value of an enum",
    sql: [
      "ALTER TABLE AutoProcProgramAttachment ADD importanceRank tinyint unsigned, ADD deleted tinyint(1) DEFAULT 0",
      ...loose,
    ],
    says: "table AutoProcProgramAttachment, engine: MyISAM instead of InnoDB",
  },
  {
    name: "a column that is too long for a key of ours",
    sql: ["ALTER TABLE ProcessingJobParameter MODIFY parameterKey varchar(1000) CHARACTER SET utf8mb4"],
    says: "column ProcessingJobParameter.parameterKey, bytes: 4000 instead of at most 3064, for the key ",
    byHand: "ALTER TABLE ProcessingJobParameter MODIFY parameterKey varchar(766) CHARACTER SET utf8mb4",
  },
  {
    name: "a column that is too long for a key in the old row formats",
    sql: ["ALTER TABLE ProcessingJobParameter MODIFY parameterKey varchar(768), ROW_FORMAT=COMPACT"],
    says: "column ProcessingJobParameter.parameterKey, bytes: 768 instead of at most 767, for the key ",
  },
  {
    name: "an invisible column that has to become NOT NULL",
    sql: ["ALTER TABLE AutoProcProgramMessage MODIFY severity enum('ERROR','WARNING','INFO') INVISIBLE COMMENT 'ours'"],
    says: "column AutoProcProgramMessage.severity, INVISIBLE: yes instead of no",
    only: "mariadb",
  },
];

onEveryServer("refused before the first change", (lane) => {
  const makeDatabase = sharedServer(lane);

  test.each(states.filter(({ only = lane.vendor }) => only === lane.vendor))("$name", async ({ sql, says, byHand }) => {
    await using db = await makeDatabase("official");
    for (const statement of starts.find(({ name }) => name.includes("36"))?.sql ?? []) await db.query(statement);
    for (const statement of sql) await db.query(statement);
    const before = await picture(db);
    const { exit, stderr } = await runOn(db, ["up", "--yes"]);
    expect(exit, stderr).toBe(4);
    expect(stderr).toContain(says);
    expect(await picture(db)).toEqual(before);

    const [first = ""] = stderr.split(/^.* or, /m);
    const printed = statements(
      [...first.matchAll(/^ {2}(?:SQL|next| {4}) {4,5}(.*;.*)$/gm)].map(([, line]) => line).join("\n"),
    );
    expect(printed.length === 0, stderr).toBe(byHand !== undefined);
    for (const statement of byHand === undefined ? printed.map((each) => each.sql) : [byHand])
      await db.query(statement);
    const again = await runOn(db, ["up", "--yes"]);
    expect(again.exit, again.stderr).toBe(0);
  });
});
