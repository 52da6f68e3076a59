/** What a server receives from other servers: a replica must not be changed, its primary sends it every change. */
import type { Db } from "../db/db.ts";
import { isAccessDenied } from "../db/server-errors.ts";
import type { Dialect } from "../dialect/dialect.ts";

/** Changes from one other server. */
export interface Channel {
  /** Empty for the usual channel. */
  readonly name: string;
  /** "db1:3306" */
  readonly source: string;
  /** As the server says it: No, Yes, or the state of one that connects. */
  readonly receives: string;
  readonly applies: string;
}

export interface Replication {
  /**
   * none: no other server sends changes. stopped: one is configured. running: at least one channel receives, connects
   * or applies. unseen: this account cannot see it; on some servers it sees at least that nothing is applied.
   */
  readonly state: "none" | "stopped" | "running" | "unseen";
  /** Without those that this account cannot see. */
  readonly channels: readonly Channel[];
  /** The server-wide privilege that shows the channels. */
  readonly privilege: string;
}

/** Reads it; without the privilege, as far as every account may see it. */
export async function readReplication(db: Db, { names: { replication } }: Dialect): Promise<Replication> {
  const { columns, countAppliers, privilege, show, withinGroup } = replication;
  const rows = await db.rows<AnswerRow>(show).catch((error: unknown) => {
    if (isAccessDenied(error)) return undefined;
    throw error;
  });
  if (rows === undefined) {
    const [counted] = countAppliers === undefined ? [] : await db.rows<{ Value: string }>(countAppliers);
    return { state: Number(counted?.Value ?? 0) > 0 ? "running" : "unseen", channels: [], privilege };
  }
  const channels = rows.map((row) => channelOf(row, columns)).filter(({ name }) => !withinGroup.includes(name));
  return {
    state: channels.length === 0 ? "none" : channels.some(isRunning) ? "running" : "stopped",
    channels,
    privilege,
  };
}

/** `from db1:3306 (channel "eu"), receiver Yes, applier No` */
export function formatChannel({ name, source, receives, applies }: Channel): string {
  return `from ${source}${name === "" ? "" : ` (channel ${JSON.stringify(name)})`}, receiver ${receives}, applier ${applies}`;
}

// --- internal ---

type AnswerRow = Readonly<Record<string, string | number | null>>;

function channelOf(row: AnswerRow, columns: Dialect["names"]["replication"]["columns"]): Channel {
  const value = (name: keyof typeof columns) => String(row[columns[name]] ?? "");
  return {
    name: value("channel"),
    source: `${value("host")}:${value("port")}`,
    receives: value("receives"),
    applies: value("applies"),
  };
}

function isRunning({ receives, applies }: Channel): boolean {
  return receives !== "No" || applies !== "No";
}
