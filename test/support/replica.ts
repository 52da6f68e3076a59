/** Servers that receive changes from another one. */
import type { Lane, Place, TestDatabase } from "./servers.ts";

/** A place in a server's log of changes. */
interface LogPlace {
  readonly file: string;
  readonly position: number;
}

/** The statements by which a replica is made, as each vendor spells them. */
export interface ReplicaStatements {
  /** Receive from a server on this machine, beginning with its next change. */
  readonly from: (port: number, log: LogPlace) => string;
  readonly start: (threads?: "IO_THREAD" | "SQL_THREAD") => string;
  readonly stop: (threads?: "IO_THREAD" | "SQL_THREAD") => string;
  /** Once it is stopped, the server is no replica any more. */
  readonly forget: string;
}

const account = { user: "receiver", password: "Receives-1" } as const;

/** For a channel with this name, or for the usual one. */
export function replicaStatements({ vendor }: Lane, channel = ""): ReplicaStatements {
  const [before, after] =
    vendor === "mariadb" ? [channel === "" ? "" : `'${channel}'`, ""] : ["", `FOR CHANNEL '${channel}'`];
  const word = vendor === "mariadb" ? "SLAVE" : "REPLICA";
  return {
    from(port, { file, position }) {
      const of = vendor === "mariadb" ? "MASTER" : "SOURCE";
      const values = {
        [`${of}_HOST`]: "'127.0.0.1'",
        [`${of}_PORT`]: port,
        [`${of}_USER`]: `'${account.user}'`,
        [`${of}_PASSWORD`]: `'${account.password}'`,
        [`${of}_LOG_FILE`]: `'${file}'`,
        [`${of}_LOG_POS`]: position,
        [`${of}_CONNECT_RETRY`]: 1,
        ...(vendor === "mariadb" ? {} : { GET_SOURCE_PUBLIC_KEY: 1 }),
      };
      const list = Object.entries(values).map(([name, value]) => `${name} = ${value}`);
      const change = vendor === "mariadb" ? `CHANGE MASTER ${before}` : "CHANGE REPLICATION SOURCE";
      return `${change} TO ${list.join(", ")} ${after}`;
    },
    start: (threads) => `START ${word} ${before} ${threads ?? ""} ${after}`,
    stop: (threads) => `STOP ${word} ${before} ${threads ?? ""} ${after}`,
    forget: `RESET ${word} ${before} ALL ${after}`,
  };
}

/** The arguments of a server whose changes others can receive. */
export const primaryArguments = ["--server-id=1", "--log-bin=changes"] as const;
export const replicaArguments = ["--server-id=2"] as const;

/** Lets replicas in, and returns the place of the next change in this server's log. */
export async function letReplicasIn(primary: TestDatabase): Promise<LogPlace> {
  await primary.query(`CREATE USER ${account.user}@'%' IDENTIFIED BY '${account.password}'`);
  await primary.query(`GRANT REPLICATION SLAVE ON *.* TO ${account.user}@'%'`);
  return nextChange(primary);
}

export async function nextChange(primary: TestDatabase): Promise<LogPlace> {
  const show = primary.lane.vendor === "mariadb" ? "SHOW MASTER STATUS" : "SHOW BINARY LOG STATUS";
  const [row] = await primary.query<{ File: string; Position: number }>(show);
  return { file: row?.File ?? "", position: row?.Position ?? 0 };
}

/** The same server and account, in another database. */
export function otherDatabase<T extends Place & { readonly database: string }>(db: T, database: string): T {
  return { ...db, database };
}
