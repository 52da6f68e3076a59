/** Migrations of a facility whose folder was not given to this run: their files may all be there. */
import { sourceOf } from "../state/migration-names.ts";
import type { Plan } from "./read-plan.ts";

/** Why there is no file of this migration, if its folder was not given at all: "recorded, and this run has no --migrations max=DIR". */
export function lackingSource({ migrations }: Pick<Plan, "migrations">, name: string): string | undefined {
  const source = sourceOf(name);
  const isGiven = migrations.some(({ migration }) => sourceOf(migration.name) === source);
  return source === undefined || isGiven ? undefined : `recorded, and this run has no --migrations ${source}=DIR`;
}

export function passAgain(name: string): string {
  const source = sourceOf(name) ?? "";
  return `pass --migrations ${source}=DIR again, where DIR is the folder with the files of ${source}/`;
}
