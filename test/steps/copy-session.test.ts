/** A copy of a table does not wait for the rows of its parents, and MySQL would wait at its end for who waits for them. */
import { expect, test } from "vitest";
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { changeColumn } from "../../src/steps/change-column.ts";
import { column } from "../../src/steps/define.ts";
import { render } from "../../src/steps/index.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";

onEveryServer("a copy of a table with a foreign key", (lane) => {
  test("takes no lock of a parent's row; where a column of a key is changed, the checks stay", async () => {
    await using db = await freshDatabase(lane, "empty");
    await db.query("CREATE TABLE Parent (name varchar(200) PRIMARY KEY, n int) ENGINE=InnoDB DEFAULT CHARSET=latin1");
    await db.query(
      "CREATE TABLE Child (id int PRIMARY KEY, parent varchar(200), words varchar(200), " +
        "FOREIGN KEY (parent) REFERENCES Parent (name)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
    );
    await db.query("INSERT INTO Parent VALUES ('a', 1)");
    await db.query("INSERT INTO Child VALUES (1, 'a', 'one')");
    await using session = await connect(targetOf(db));
    const { dialect } = await readServer(session);
    const facts = { catalog: await introspect(session, dialect), dialect, answers: new Map(), later: [] };
    const lengthen = (name: string) => render(changeColumn("Child", column(name, "varchar(300)")), facts);
    const { online, session: variables = {}, sql } = lengthen("words");
    expect(online?.algorithm).toBe("COPY");
    expect(lengthen("parent")).toMatchObject({ online: { algorithm: "COPY" } });
    expect(lengthen("parent").session).toBeUndefined();

    const user = await db.connection();
    await user.query("START TRANSACTION");
    await user.query("SELECT * FROM Parent FOR UPDATE");
    const set = Object.entries(variables).map(([variable, value]) => `, ${variable} = ${value}`);
    await session.run(`SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1${set.join("")}`);
    await session.run(sql);
  });
});
