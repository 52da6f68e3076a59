/** A primary server and its replica, and each kind of replica as a table, with what `up` does there. */
import { type Account, runOn } from "../cli/run-cli.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import {
  type ReplicaStatements,
  letReplicasIn,
  nextChange,
  primaryArguments,
  replicaArguments,
  replicaStatements,
} from "../support/replica.ts";
import type { Lane, TestDatabase } from "../support/servers.ts";
import { until } from "../support/within.ts";

export interface Pair {
  readonly primary: TestDatabase;
  readonly replica: TestDatabase;
  /** The channel without a name, and one with a name that takes its place. */
  readonly usual: ReplicaStatements;
  readonly eu: ReplicaStatements;
}

export interface ReplicaSituation {
  readonly what: string;
  /** noted: all of it, after a warning. SERVER_IS_REPLICA: nothing. */
  readonly outcome: "noted" | "SERVER_IS_REPLICA";
  /** What `status` says of replication. */
  readonly state: "running" | "stopped" | "unseen";
  /** The account may do all in its database, and nothing else. */
  readonly isLimited?: true;
  readonly more?: readonly string[];
  /** From the situation before to this one. */
  readonly prepare: (pair: Pair) => Promise<void>;
}

/** In this order: each begins where the one before it ends. */
export function replicas({ vendor }: Lane): readonly ReplicaSituation[] {
  const refused = { outcome: "SERVER_IS_REPLICA", state: "running" } as const;
  // Nothing shows a replica of MySQL to an account without the privilege.
  const unseen = vendor === "mariadb" ? refused : ({ outcome: "noted", state: "unseen" } as const);
  return [
    { what: "receives and applies", ...refused, prepare: async () => {} },
    { what: "is read-only", ...refused, prepare: sending("SET GLOBAL read_only = ON") },
    {
      what: "only receives",
      ...refused,
      prepare: async (pair) => {
        await send(pair, "SET GLOBAL read_only = OFF", pair.usual.stop("SQL_THREAD"));
      },
    },
    {
      what: "only applies",
      ...refused,
      prepare: async (pair) => {
        await send(pair, pair.usual.start("SQL_THREAD"), pair.usual.stop("IO_THREAD"));
      },
    },
    {
      what: "is meant, by --on-replica",
      outcome: "noted",
      state: "running",
      more: ["--on-replica"],
      prepare: async (pair) => {
        await send(pair, pair.usual.start("IO_THREAD"));
      },
    },
    {
      what: "receives by a channel with a name",
      ...refused,
      prepare: async (pair) => {
        const { eu, primary, usual } = pair;
        await applied(pair, "Usual");
        await send(pair, usual.stop(), usual.forget, eu.from(primary.port, await nextChange(primary)), eu.start());
        await applied(pair, "Named");
      },
    },
    { what: "runs, which this account may not see", ...unseen, isLimited: true, prepare: async () => {} },
    {
      what: "is stopped",
      outcome: "noted",
      state: "stopped",
      prepare: async (pair) => {
        await send(pair, pair.eu.stop());
      },
    },
    {
      what: "is stopped, which this account may not see",
      outcome: "noted",
      state: "unseen",
      isLimited: true,
      prepare: async () => {},
    },
    {
      what: "connects again, since its primary is gone",
      ...refused,
      prepare: async (pair) => {
        await send(pair, pair.eu.start());
        await applied(pair, "Last");
        await pair.primary[Symbol.asyncDispose]();
        await until(async () => !(await saidBy(pair.replica)).text.includes("receiver Yes"), "the loss");
      },
    },
  ];
}

export async function startPair(lane: Lane): Promise<Pair> {
  const primary = await databaseStartedWith(lane, "official", primaryArguments);
  const replica = await databaseStartedWith(lane, "official", replicaArguments);
  const pair = { primary, replica, usual: replicaStatements(lane), eu: replicaStatements(lane, "eu") };
  await send(pair, pair.usual.from(primary.port, await letReplicasIn(primary)), pair.usual.start());
  await applied(pair, "First");
  return pair;
}

/** What `status` says of replication, as JSON and to a person. */
export async function saidBy(db: TestDatabase, account: Account = db): Promise<{ state: string; text: string }> {
  const { stdout } = await runOn(db, ["status", "--json"], account);
  const { stdout: text } = await runOn(db, ["status"], account);
  return { state: (JSON.parse(stdout) as { server: { replication: string } }).server.replication, text };
}

// --- internal ---

async function send({ replica }: Pair, ...statements: readonly string[]): Promise<void> {
  for (const sql of statements) await replica.query(sql);
}

function sending(...statements: readonly string[]): ReplicaSituation["prepare"] {
  return (pair) => send(pair, ...statements);
}

/** A change of the primary arrives: replication is not broken. */
async function applied({ primary, replica }: Pair, table: string): Promise<void> {
  await primary.query(`CREATE TABLE ${table} (id int PRIMARY KEY)`);
  await until(async () => (await replica.query(`SHOW TABLES LIKE '${table}'`)).length > 0, "a change of the primary");
}
