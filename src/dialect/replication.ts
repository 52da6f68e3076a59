import { type Vendor, type Version, atLeast } from "./product.ts";

/** How a server shows what it receives from other servers. */
export interface ReplicationNames {
  /** One row a channel. Also those that are stopped. */
  readonly show: string;
  /** The columns of that answer. `receives` and `applies`: No, Yes, or the state of one that connects. */
  readonly columns: Readonly<Record<"channel" | "host" | "port" | "receives" | "applies", string>>;
  /** The server-wide privilege to see it. */
  readonly privilege: string;
  /**
   * Counts the channels that apply changes, for every account: MariaDB. Slave_running is OFF for a channel with a name
   * and while it connects again; neither counts a channel that only receives (measured on 10.11). MySQL shows nothing
   * without the privilege (measured on 9.7).
   */
  readonly countAppliers: string | undefined;
  /** The channels between members of one group: its primary has them, too. */
  readonly withinGroup: readonly string[];
}

const oldColumns = {
  host: "Master_Host",
  port: "Master_Port",
  receives: "Slave_IO_Running",
  applies: "Slave_SQL_Running",
} as const;

export const replication: Readonly<Record<Vendor, (version: Version) => ReplicationNames>> = {
  mariadb: (version) => ({
    show: "SHOW ALL SLAVES STATUS",
    columns: { ...oldColumns, channel: "Connection_name" },
    privilege: atLeast(version, [10, 5, 9]) ? "SLAVE MONITOR" : "REPLICATION SLAVE ADMIN",
    countAppliers: "SHOW GLOBAL STATUS LIKE 'Slaves\\_running'",
    withinGroup: [],
  }),
  mysql: (version) => {
    const isRenamed = atLeast(version, [8, 0, 22]);
    const renamed = {
      host: "Source_Host",
      port: "Source_Port",
      receives: "Replica_IO_Running",
      applies: "Replica_SQL_Running",
    };
    return {
      show: isRenamed ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS",
      columns: { ...(isRenamed ? renamed : oldColumns), channel: "Channel_Name" },
      privilege: "REPLICATION CLIENT",
      countAppliers: undefined,
      withinGroup: ["group_replication_applier", "group_replication_recovery"],
    };
  },
};
