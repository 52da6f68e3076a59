/** A facility's changes of a column stay; values that do not fit any more are counted. */
import { expect, test } from "vitest";
import { formatDifference } from "../../src/catalog/difference.ts";
import { connect } from "../../src/db/connect.ts";
import { changeColumn, column } from "../../src/steps/define.ts";
import { inspect, missing, render, undo } from "../../src/steps/index.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { until } from "../support/within.ts";
import { targetOf } from "../support/upgrade.ts";
import { count, factsFor, send, sendUndo } from "./play.ts";

const create = (definition: string) =>
  `CREATE TABLE Probe (probeId int PRIMARY KEY AUTO_INCREMENT, ${definition}) ENGINE=InnoDB DEFAULT CHARSET=latin1`;
const wide = changeColumn("Probe", column("probe", "varchar(1024)"));
const strict = changeColumn("Probe", column("probe", "enum('a','b')", { nullable: false }));

onEveryServer("changing a column", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("a column with more than the wanted form is present, with a notice", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("probe varchar(2000) DEFAULT NULL"));
    const verdict = inspect(wide, await factsFor(session, wide));
    if (verdict.state !== "present") expect.fail(verdict.state);
    expect(verdict.notices.map(formatDifference)).toEqual([
      "column Probe.probe, type: varchar(2000) instead of varchar(1024)",
    ]);

    await db.query("ALTER TABLE Probe MODIFY probe enum('mine','b','a') NOT NULL");
    const more = inspect(strict, await factsFor(session, strict));
    if (more.state !== "present") expect.fail(more.state);
    expect(more.notices.map((notice) => notice.aspect)).toEqual(["type"]);
  });

  test("a column that is not changed yet is named with each property that differs", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("probe enum('a','b') DEFAULT NULL"));
    const verdict = inspect(strict, await factsFor(session, strict));
    if (verdict.state !== "absent") expect.fail(verdict.state);
    expect(missing(strict, verdict)).toEqual(["column Probe.probe, NULL allowed: yes instead of no"]);
  });

  test("character set, comment and further values stay as they are", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("probe enum('mine','a','b') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin COMMENT 'it''s mine'"));
    await send(session, render(strict, await factsFor(session, strict)));
    const { catalog } = await factsFor(session, strict);
    expect(catalog.tables["Probe"]?.columns[1]).toEqual({
      name: "probe",
      type: "enum('mine','a','b')",
      nullable: false,
      charset: "utf8mb4",
      collation: "utf8mb4_bin",
      comment: "it's mine",
    });
  });

  test("another kind of column is a conflict; a CHECK of the column stays", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("probe int"));
    expect(inspect(wide, await factsFor(session, wide)).state).toBe("conflict");

    await db.query("ALTER TABLE Probe MODIFY probe varchar(20) CHECK (probe <> 'x')");
    const facts = await factsFor(session, wide);
    const statement = render(wide, facts);
    await send(session, statement);
    await expect(session.run("INSERT INTO Probe (probe) VALUES ('x')")).rejects.toThrow(/probe/i);
    await sendUndo(session, undo(wide, await factsFor(session, wide), statement.before ?? {}));
    await expect(session.run("INSERT INTO Probe (probe) VALUES ('x')")).rejects.toThrow(/probe/i);
  });

  test("rows with NULL are counted by the guard", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("probe enum('a','b')"));
    await db.query("INSERT INTO Probe (probe) VALUES (NULL), ('a'), (NULL)");
    const statement = render(strict, await factsFor(session, strict));
    expect(await count(session, statement.guards?.[0]?.sql ?? "")).toBe(2);
    await db.query("UPDATE Probe SET probe = 'b' WHERE probe IS NULL");
    await send(session, statement);
    expect(await count(session, statement.guards?.[0]?.sql ?? "")).toBe(0);
    await send(session, statement.guards?.[0]?.undo ?? statement);
    expect(inspect(strict, await factsFor(session, strict)).state).toBe("absent");
  });

  test("a NULL that is written while the statement waits never becomes the time of the upgrade", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await using writer = await connect(targetOf(db));
    await db.query(create("probe timestamp NULL DEFAULT current_timestamp"));
    const timed = changeColumn(
      "Probe",
      column("probe", "timestamp", { nullable: false, default: "current_timestamp()" }),
    );
    const statement = render(timed, await factsFor(session, timed));
    await writer.run("START TRANSACTION");
    await writer.run("INSERT INTO Probe (probe) VALUES (NULL), ('2020-01-01')");
    const sent = send(session, statement).then(
      () => "done",
      () => "refused",
    );
    const waiting =
      "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE STATE LIKE '%metadata lock%' AND ID = ";
    await until(async () => (await count(writer, `${waiting}${session.connectionId}`)) === 1, "the statement to wait");
    await writer.run("COMMIT");
    const outcome = await sent;
    const rows = await writer.rows<{ at: string | null }>(
      "SELECT CAST(probe AS CHAR) AS at FROM Probe ORDER BY probeId",
    );
    const left = outcome === "done" ? "1970-01-02 00:00:00" : null;
    expect(rows.map(({ at }) => at)).toEqual([left, "2020-01-01 00:00:00"]);
    // The session's clock runs again, as the lease requires.
    expect(await count(session, "SELECT NOW() > '2026-01-01' AND SLEEP(1.1) = 0 AND SYSDATE() > NOW() AS n")).toBe(1);
    // One second more where the next one begins in between.
    expect(await count(session, "SELECT TIMESTAMPDIFF(SECOND, NOW(), SYSDATE()) AS n")).toBeLessThanOrEqual(1);
  });

  test("a journal without the column's previous form is an error", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("probe varchar(1024)"));
    const facts = await factsFor(session, wide);
    for (const before of [{}, { column: null }, { column: { name: "probe" } }])
      expect(() => undo(wide, facts, before)).toThrow(expect.objectContaining({ code: "HISTORY_CHANGED" }));
  });

  test("going back cuts what does not fit, and leaves what others have changed since", async () => {
    await using db = await makeDatabase("empty");
    await using session = await connect(targetOf(db));
    await db.query(create("probe varchar(255), touched timestamp NULL ON UPDATE current_timestamp"));
    const statement = render(wide, await factsFor(session, wide));
    await send(session, statement);
    await db.query("INSERT INTO Probe (probe) VALUES (REPEAT('x', 256)), (REPEAT('y', 255)), (NULL)");
    await db.query("ALTER TABLE Probe MODIFY probe varchar(1024) DEFAULT 'mine' COMMENT 'mine'");

    const undone = undo(wide, await factsFor(session, wide), statement.before ?? {});
    expect(undone.loss).toMatchObject({ table: "Probe", of: { columns: ["probe"] } });
    expect(await count(session, `SELECT COUNT(*) AS n FROM Probe WHERE ${undone.loss?.where}`)).toBe(1);
    await sendUndo(session, undone);
    expect(await db.query("SELECT LENGTH(probe) AS length, touched FROM Probe")).toEqual([
      { length: 255, touched: null },
      { length: 255, touched: null },
      { length: null, touched: null },
    ]);
    const { catalog } = await factsFor(session, wide);
    expect(catalog.tables["Probe"]?.columns[1]).toMatchObject({
      type: "varchar(255)",
      default: "'mine'",
      comment: "mine",
    });
  });
});
