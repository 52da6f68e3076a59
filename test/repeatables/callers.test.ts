/** Clients call a procedure again and again while it is replaced: what they meet is what the plan says. */
import { createConnection } from "mysql2/promise";
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { NAME, makeOld } from "../migrate/old-procedure.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";

interface Calls {
  made: number;
  /** Numbers of errors, and the longest time in milliseconds from one call that succeeds to the next. */
  readonly errors: Set<number>;
  longest: number;
}

/** Calls the procedure until `isOver`, as this account. The new form takes other parameters: that is no failure of the server. */
async function callInALoop(db: TestDatabase, user: string, password: string, isOver: () => boolean): Promise<Calls> {
  const { host, port, database } = db;
  const client = await createConnection({ host, port, database, user, password });
  const calls: Calls = { made: 0, errors: new Set(), longest: 0 };
  let last = performance.now();
  while (!isOver()) {
    calls.made++;
    const error = await client.query(`CALL ${NAME}(@id)`).then(
      () => undefined,
      (each: { errno: number }) => each.errno,
    );
    if (error === undefined || error === WRONG_NUMBER) {
      calls.longest = Math.max(calls.longest, performance.now() - last);
      last = performance.now();
    } else {
      calls.errors.add(error);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await client.end();
  return calls;
}

/** ER_SP_WRONG_NO_OF_ARGS: the new procedure is there. */
const WRONG_NUMBER = 1318;

onEveryServer("callers of a procedure that is replaced", (lane) => {
  test("meet the errors that the plan names, for a moment, and no other", async () => {
    await using db = await freshDatabase(lane, "official");
    await makeOld(db);
    const plan = await runOn(db, ["plan", "--json"]);
    const { repeatables } = JSON.parse(plan.stdout) as { repeatables: { name: string; blocked?: string }[] };
    const blocked = repeatables.filter((each) => each.blocked !== undefined);
    const named = [...(blocked[0]?.blocked ?? "").matchAll(/\b1\d{3}\b/g)].map(([number]) => Number(number));
    const [all, one] = lane.vendor === "mysql" ? [[1305], [1370]] : [[], []];
    expect(named).toEqual([...all, ...one]);
    expect(blocked.map(({ name }) => name)).toEqual(named.length === 0 ? [] : [`procedures/${NAME}`]);
    const read = (await runOn(db, ["plan"])).stdout;
    expect(read.includes("blocks  its callers for a moment")).toBe(named.length > 0);

    let isOver = false;
    const callers = [
      callInALoop(db, db.user, db.password, () => isOver),
      callInALoop(db, "caller", "May-call-1", () => isOver),
    ];
    const up = await runOn(db, ["up", "--yes"]).finally(() => (isOver = true));
    expect(up.exit, up.stderr).toBe(0);
    expect(up.stderr.includes("1 procedure replaced, each blocks its callers for a moment")).toBe(named.length > 0);
    const [root, caller] = await Promise.all(callers);
    expect([...(root?.errors ?? [])]).toEqual(all);
    expect([...(caller?.errors ?? [])]).toEqual(one);
    for (const each of [root, caller]) {
      expect(each?.made).toBeGreaterThan(50);
      // Measured: 0.06 s; a machine at work needs longer.
      expect(each?.longest).toBeLessThan(2000);
    }
  });
});
