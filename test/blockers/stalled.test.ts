/**
 * A lock keeps `up` or `down` waiting while others work on. The run names its holder and finishes when it is gone; those
 * others wait for a small part of the time that the run waits. The proof measures that part, and prints a table.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "mysql2/promise";
import { afterAll, expect, test } from "vitest";
import type { Progress } from "../../src/run/run.ts";
import { isProof, limit, tries } from "../support/proof.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { takeDown, upgrade } from "../support/upgrade.ts";
import { FIRST_CHANGE, type Kind, kindsOf, onServersThatShow, open, take } from "./kinds.ts";
import { CONTROL, type SteadyUsers, type User, steadyUsers } from "./steady-users.ts";

/** Seconds that a lock is held, in a proof; a transaction three times as long. In the suite, until the run waits for it. */
const HELD = isProof() ? tries(20) : 0;

/** Others wait at most this part of the time that we wait. */
const STALLED = 0.1;

const directions = { up: goUp, down: goDown } as const;
type Direction = keyof typeof directions;

const USED = ["AutoProcProgram", "AutoProcProgramAttachment", "DataCollection", "DataCollectionGroup"];

const transactions: readonly Kind[] = ["AutoProcProgram", "DataCollection"].map((table) => ({
  name: `a transaction on ${table}`,
  take: ["SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", open, `SELECT COUNT(*) FROM ${table}`],
  says: /has a transaction open/,
}));

type Listener = (event: Progress) => void;

// The innocents' reads may end with an error: of other waits than those for dumps.
async function goUp(db: TestDatabase, progress: Listener): Promise<void> {
  const { verification } = await upgrade(db, { allowStall: true, progress });
  expect(verification.differences).toEqual([]);
}

async function goDown(db: TestDatabase, progress: Listener): Promise<void> {
  const { undone } = await takeDown(db, { until: { to: FIRST_CHANGE }, allowStall: true, progress });
  expect(undone.at(-1)).toBe(FIRST_CHANGE);
}

interface Waited {
  readonly reasons: readonly string[];
  /** Milliseconds from the try that had to wait to the end of the lock. */
  readonly milliseconds: number;
  readonly users: SteadyUsers;
  readonly time: { readonly from: number; readonly to: number };
  /** Users that wait for the lock itself. */
  readonly kept: readonly User[];
}

/** One run beside a lock, and beside users. */
async function beside(
  db: TestDatabase,
  {
    direction,
    holder,
    seconds,
    users,
  }: { direction: Direction; holder: Connection; seconds: number; users: SteadyUsers },
): Promise<Waited> {
  const reasons: string[] = [];
  const before = performance.now();
  await sleep(seconds === 0 ? 0 : 2_000);
  const time = { from: before, to: performance.now() };
  const kept = users.all.filter((user) => users.stalled(user, time) > (time.to - time.from) / 2);
  let from = performance.now();
  let release: Promise<void> | undefined;
  const gone = async () => {
    await sleep(seconds * 1000);
    time.to = performance.now();
    holder.destroy();
  };
  await directions[direction](db, (event) => {
    if (event.kind === "running" && release === undefined) from = performance.now();
    if (event.kind !== "waiting") return;
    reasons.push(event.reason);
    release ??= gone();
  });
  const isWaited = release !== undefined;
  await release;
  holder.destroy();
  if (!isWaited) from = time.to;
  return { reasons, milliseconds: time.to - from, users, time: { from, to: time.to }, kept };
}

interface Line {
  readonly server: string;
  readonly what: string;
  readonly waited: number;
  readonly tries: number;
  readonly worst: string;
  readonly share: number;
  readonly control: number;
  readonly longest: number;
  readonly named: string;
}

const lines: Line[] = [];

function lineOf(
  server: string,
  what: string,
  { kept, milliseconds, reasons, time, users }: Waited,
  named: string,
): Line {
  const shareOf = (user: User) => (milliseconds === 0 ? 0 : users.stalled(user, time) / milliseconds);
  const isControl = ({ table }: User) => table === CONTROL;
  const free = users.all.filter((user) => !kept.includes(user));
  const shares = free.filter((user) => !isControl(user)).toSorted((a, b) => shareOf(b) - shareOf(a));
  const [worst] = shares;
  return {
    server,
    what,
    waited: milliseconds / 1000,
    tries: reasons.length,
    worst: worst === undefined ? "all are kept by the lock" : `${worst.use} ${worst.table}`,
    share: worst === undefined ? 0 : shareOf(worst),
    control: Math.max(0, ...free.filter(isControl).map(shareOf)),
    longest: Math.max(0, ...shares.map((user) => users.longest(user, time))) / 1000,
    named,
  };
}

afterAll(() => {
  if (!isProof() || lines.length === 0) return;
  const heads = ["server", "beside", "waited", "tries", "stalled most", "share", "control", "longest", "holder"];
  const rows = lines.map((line) => [
    line.server,
    line.what,
    `${line.waited.toFixed(1)} s`,
    String(line.tries),
    line.worst,
    `${(100 * line.share).toFixed(1)} %`,
    `${(100 * line.control).toFixed(1)} %`,
    `${line.longest.toFixed(2)} s`,
    line.named,
  ]);
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const text = [heads, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  process.stdout.write(`\n${text.join("\n")}\n\n`);
});

/** In the suite: `up` beside each kind is in named.test.ts. */
function casesOf(
  kinds: readonly Kind[],
): { readonly kind: Kind; readonly direction: Direction; readonly what: string }[] {
  const all = (["up", "down"] as const).flatMap((direction) =>
    [...transactions, ...kinds].map((kind) => ({ kind, direction, what: `${direction} beside ${kind.name}` })),
  );
  return isProof() ? all : all.filter(({ what }) => what === "down beside a transaction on AutoProcProgram");
}

onServersThatShow("users beside a waiting run", (lane, newDatabase) => {
  test.for(casesOf(kindsOf(lane)))("$what", limit(240), async ({ kind, direction, what }) => {
    await using db = await newDatabase();
    if (direction === "down") await upgrade(db);
    await using users = await steadyUsers(db, USED);
    const holder = await take(db, kind);
    const seconds = transactions.includes(kind) ? 3 * HELD : HELD;
    const waited = await beside(db, { direction, holder, seconds, users });
    const [reason] = waited.reasons;
    const isNamed = reason?.includes(`connection ${holder.threadId} (root@`) === true && kind.says.test(reason);
    const line = lineOf(lane.name, what, waited, reason === undefined ? "no wait" : isNamed ? "named" : "NOT NAMED");
    lines.push(line);
    if (reason !== undefined) {
      expect(reason).toContain(`connection ${holder.threadId} (root@`);
      expect(reason).toMatch(kind.says);
      expect(reason).toContain(`KILL ${holder.threadId};`);
    }
    // MariaDB makes a table with a foreign key beside a reader of the parent.
    if (!kind.name.endsWith("DataCollection")) expect(reason).toBeDefined();
    expect(users.errors).toEqual([]);
    if (isProof()) expect(line.share).toBeLessThanOrEqual(STALLED + line.control);
  });
});

onEveryServer("a server that does not show who holds a lock", (lane) => {
  const kinds = kindsOf(lane).filter(({ name }) => isProof() || name === "FLUSH TABLES WITH READ LOCK");
  test.for(kinds)("$name: candidates, or none, and what would show it", limit(240), async (kind) => {
    await using db = await freshDatabase(lane, "official");
    const holder = await take(db, kind);
    const to = FIRST_CHANGE;
    const way = lane.vendor === "mysql" ? /^performance_schema = ON/ : /^INSTALL SONAME 'metadata_lock_info'/;
    // MariaDB shows who has a row without a plugin.
    const isShown = lane.vendor === "mariadb" && kind.name.includes("child table");
    await expect(upgrade(db, { to, procedures: [], allowStall: true, lockTimeout: 1 })).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
      details: { next: expect.arrayContaining([isShown ? `KILL ${holder.threadId};` : expect.stringMatching(way)]) },
    });
    holder.destroy();
    const { recorded } = await upgrade(db, { to, procedures: [] });
    expect(recorded.at(-1)).toBe(to);
  });
});
