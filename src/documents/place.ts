import type { Server } from "../catalog/server.ts";

/** Which database on which server, as whom: part of every answer from a server. */
export interface PlaceDocument {
  readonly database: string;
  readonly server: ServerDocument;
}

export interface ServerDocument {
  /** "MariaDB 10.11.6" */
  readonly product: string;
  /** The test suite has been run on this version. */
  readonly tested: boolean;
  /** What tells it from other servers: host name, port, identity. */
  readonly node: string;
  /** A member of a Galera cluster. */
  readonly cluster: boolean;
  readonly account: string;
}

export function placeDocument(server: Server, database: string): PlaceDocument {
  return {
    database,
    server: {
      product: server.dialect.product,
      tested: server.dialect.isTested,
      node: server.node,
      cluster: server.cluster,
      account: server.account,
    },
  };
}
