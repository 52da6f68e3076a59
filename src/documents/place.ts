import type { Replication } from "../catalog/replication.ts";
import type { Server } from "../catalog/server.ts";

/** The database, the server and the account: part of every answer from a server. */
export interface PlaceDocument {
  readonly database: string;
  readonly server: ServerDocument;
}

export interface ServerDocument {
  /** "MariaDB 10.11.6" */
  readonly product: string;
  /** The test suite has been run on this version. */
  readonly tested: boolean;
  /** Host name, port and identity, which distinguish it from other servers. */
  readonly node: string;
  /** A member of a Galera cluster. */
  readonly cluster: boolean;
  /** Whether it receives changes from another server. */
  readonly replication: Replication["state"];
  readonly account: string;
}

export function placeDocument(server: Server, database: string): PlaceDocument {
  return { database, server: serverDocument(server) };
}

export function serverDocument(server: Server): ServerDocument {
  return {
    product: server.dialect.product,
    tested: server.dialect.isTested,
    node: server.node,
    cluster: server.cluster,
    replication: server.replication.state,
    account: server.account,
  };
}
