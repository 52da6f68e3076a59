import type { Db } from "../db/db.ts";
import { type Dialect, withInstantColumns } from "../dialect/dialect.ts";
import { type Identity, identify, identityColumns } from "../dialect/identify.ts";
import { serverIdAmong, serverIds } from "../dialect/variables.ts";
import { text } from "../sql.ts";
import { type ClusterMember, readClusterMember } from "./cluster.ts";
import { type Replication, readReplication } from "./replication.ts";

export interface Server {
  readonly dialect: Dialect;
  /** The identity of this server or cluster; a copy of its database on another server has another identity. */
  readonly identity: string;
  /** The cluster member that answers; connection ids are valid only there. Equal to identity on a single server. */
  readonly node: string;
  /** The SQL expression of `node`. */
  readonly nodeSql: string;
  /** True for a Galera cluster: every DDL statement is replicated in total order and stops writes on all nodes. */
  readonly cluster: boolean;
  /** What the member says of the cluster. */
  readonly member?: ClusterMember;
  /** The name of the replication group that it is set up for, on MySQL; changes of one member reach the others. */
  readonly group?: string;
  readonly readOnly: boolean;
  /** What it receives from other servers. */
  readonly replication: Replication;
  /** The account that the server matched, `name`@`host`. */
  readonly account: string;
}

/** Reads the server's identity. Needs no privilege. Throws SERVER_UNSUPPORTED if it is too old. */
export async function readServer(db: Db): Promise<Server> {
  const [first] = await db.rows<Identity & { account: string }>(`SELECT ${identityColumns}, CURRENT_USER() AS account`);
  const identified = identify({ version: String(first?.version), comment: String(first?.comment) });
  const variables = await readVariables(db);
  const dialect = withInstantColumns(identified, variables.get("innodb_instant_alter_column_allowed"));
  const value = (name: string) => variables.get(name) ?? "";
  const idName = serverIdAmong(variables);
  const node = `${value("hostname")}:${value("port")} ${value(idName)}`.trim();
  const member = isOn(variables.get("wsrep_on")) ? await readClusterMember(db) : undefined;
  return {
    dialect,
    node,
    nodeSql: `TRIM(CONCAT(@@hostname, ':', @@port, ' ', @@${idName}))`,
    identity: member === undefined || member.cluster === "" ? node : `cluster ${member.cluster}`,
    cluster: member !== undefined,
    ...(member === undefined ? {} : { member }),
    ...(value(groupName) === "" ? {} : { group: value(groupName) }),
    readOnly: readOnlyVariables.some((name) => isOn(variables.get(name))),
    replication: await readReplication(db, dialect),
    account: first?.account ?? "",
  };
}

/** "db1:3306 (server id 4f2a)": a node in words; `Server.node` is what the journal records. */
export function formatNode(node: string): string {
  const [place = "", id = ""] = node.split(" ");
  return id === "" ? place : `${place} (server id ${id})`;
}

// --- internal ---

/** Any of them refuses changes. innodb_read_only is set at start, for a copy of the data that must not change. */
const readOnlyVariables = ["read_only", "super_read_only", "innodb_read_only"];

const groupName = "group_replication_group_name";

const wanted = [
  ...serverIds,
  "hostname",
  "port",
  "wsrep_on",
  groupName,
  "innodb_instant_alter_column_allowed",
  ...readOnlyVariables,
];

async function readVariables(db: Db): Promise<Map<string, string>> {
  const rows = await db.rows<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${wanted.map(text).join(", ")})`,
  );
  return new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]));
}

/** True for every value but off: MariaDB 12 has more values of read_only than ON. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "OFF", "NO"].includes(value.toUpperCase());
}
