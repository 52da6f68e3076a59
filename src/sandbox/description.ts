import type { TestAccount, TestDatabase } from "./account.ts";

/** A running sandbox, as plain data: what another process needs to use it. */
export interface Description {
  readonly id: string;
  /** Product and version, and where its program comes from: "mariadbd 10.11.19 of this machine". */
  readonly server: string;
  readonly host: string;
  readonly port: number;
  readonly socket?: string;
  readonly databases: readonly [TestDatabase, ...TestDatabase[]];
  /** The account with all privileges. */
  readonly admin: TestAccount;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** Holds its data; removed with it. */
  readonly folder: string;
  /** Databases with the data of failed tests; the sandbox runs on because of them. */
  readonly kept?: readonly string[];
}
