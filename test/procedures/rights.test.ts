/** The right to execute a procedure is all that a client needs, of the first names too, which call others. */
import { createConnection } from "mysql2/promise";
import { expect, test } from "vitest";
import { onEveryServer } from "../support/servers.ts";
import { read, write } from "./call.ts";
import { withProcedures } from "./with-procedures.ts";

onEveryServer("rights", (lane) => {
  test("an account that may execute two procedures, and nothing else", async () => {
    await using db = await withProcedures(lane, "diamond");
    await db.query("CREATE USER client IDENTIFIED BY 'secret'");
    for (const procedure of ["retrieve_processing_job", "upsert_processing_program"]) {
      await db.query(`GRANT EXECUTE ON PROCEDURE \`${db.database}\`.${procedure} TO client`);
    }
    const { host, port, database } = db;
    const connection = await createConnection({ host, port, database, user: "client", password: "secret" });
    try {
      expect(await read(connection, "retrieve_processing_job", 2)).toMatchObject([{ displayName: "Xia2 DIALS" }]);
      const values = [null, null, 1, "done", null, null, null, null, null];
      expect(await write(connection, "upsert_processing_program", 3, ...values)).toBe(3);
      await expect(read(connection, "retrieve_processing_job_v2", 2, null)).rejects.toMatchObject({ errno: 1370 });
      await expect(connection.query("SELECT 1 FROM ProcessingJob")).rejects.toMatchObject({ errno: 1142 });
    } finally {
      connection.destroy();
    }
  });
});
