/** The roles of a facility, with the privileges on processing jobs that each should have. */
import { readFileSync } from "node:fs";
import { ownRoles } from "../own-files.ts";

export interface RoleSpec {
  readonly name: string;
  /** The people or programs that have this role. */
  readonly who: string;
  /** EXECUTE on every procedure of migrations/procedures/. */
  readonly procedures: boolean;
  readonly tables: Readonly<Record<string, readonly ("SELECT" | "INSERT" | "UPDATE")[]>>;
}

export function readRoles(): readonly RoleSpec[] {
  return JSON.parse(readFileSync(ownRoles, "utf8")) as readonly RoleSpec[];
}
