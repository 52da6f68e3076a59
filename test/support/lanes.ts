import type { Vendor } from "../../src/dialect/product.ts";
import type { ServerBinary } from "../../src/server/binary.ts";

/** A server series that the suite runs on; its name is one of src/server/series.ts. */
export interface Lane {
  readonly name: string;
  readonly vendor: Vendor;
  /** Its package is downloaded in any case, so that nearly every machine has one lane. */
  readonly always?: true;
}

export const allLanes = [
  { name: "mariadb-10.11", vendor: "mariadb", always: true },
  { name: "mariadb-10.5", vendor: "mariadb" },
  { name: "mariadb-11.8", vendor: "mariadb" },
  { name: "mysql-9", vendor: "mysql" },
] as const satisfies readonly Lane[];

/** What the global setup found for a lane, as plain data, because tests run in other processes. */
export type Prepared =
  | {
      readonly kind: "ready";
      readonly binary: ServerBinary;
      readonly template: string;
      /** The template of servers that several tests share. */
      readonly shared: string;
    }
  | { readonly kind: "missing"; readonly reason: string; readonly remedy: string };

type PreparedLanes = Readonly<Record<string, Prepared>>;

/** The lanes of this run: all, or those that ISPYB_TEST_LANES names. */
export function wantedLanes(): readonly Lane[] {
  const names = process.env["ISPYB_TEST_LANES"]?.split(",").map((name) => name.trim());
  if (names === undefined) return allLanes;
  const unknown = names.filter((name) => !allLanes.some((lane) => lane.name === name));
  if (unknown.length > 0) throw new Error(`ISPYB_TEST_LANES: no lane ${unknown.join(", ")}`);
  return allLanes.filter((lane) => names.includes(lane.name));
}

/** ISPYB_TEST=all: servers are set up as needed, and a missing one is a failure. */
export function everythingIsWanted(): boolean {
  return process.env["ISPYB_TEST"] === "all";
}

declare module "vitest" {
  interface ProvidedContext {
    preparedLanes: PreparedLanes;
  }
}
