import { readdir } from "node:fs/promises";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { ownMigrations } from "../own-files.ts";
import { checksum } from "../steps/checksum.ts";
import type { MigrationSource } from "../steps/define.ts";
import { stepKinds } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";
import { faultIn } from "./step-shape.ts";

export interface Migration extends MigrationSource {
  /** The file's name without its extension: the same for the source and the built file. */
  readonly name: string;
  readonly checksum: string;
  /** The file of a facility's migration. */
  readonly file?: string;
}

const migrationFile = /^(\d{4}_\d{2}_\d{2}_[a-z0-9_]+)\.(?:ts|js)$/;

/** The migrations of a folder in the order of their names. Throws CONFIGURATION for an invalid file. */
export async function loadMigrations(folder: URL = ownMigrations): Promise<Migration[]> {
  const files = (await readdir(folder))
    .filter((file) => /\.(?:ts|js)$/.test(file) && !file.endsWith(".d.ts"))
    .toSorted();
  const names = files.map(
    (file) => migrationFile.exec(file)?.[1] ?? rejectFile(file, "its name is not YYYY_MM_DD_what_it_does"),
  );
  const twice = files.find((_, at) => names.indexOf(names[at] ?? "") !== at);
  if (twice !== undefined) rejectFile(twice, "another file has the same name with another extension");
  return Promise.all(files.map((file, at) => loadOne(new URL(file, folder), names[at] ?? file)));
}

/** The migration that a file exports; `where` is the file. Throws CONFIGURATION for anything else. */
export function migrationFrom(source: unknown, name: string, where: string): Migration {
  if (!isMigration(source)) {
    throw new MigrateError("CONFIGURATION", `migration ${name} cannot be used`, {
      where,
      found: "no default export with why, upstream and steps of known kinds",
      done: "nothing was changed",
      next: `write \`export default migration({ why, upstream, steps })\`; kinds are ${stepKinds.join(", ")}`,
    });
  }
  const fault = faultIn(source.steps);
  if (fault !== undefined) {
    throw new MigrateError("CONFIGURATION", `migration ${name} cannot be used`, {
      where,
      found: fault,
      done: "nothing was changed",
      next: "correct it, then run the same command again",
    });
  }
  const at = source.steps.findIndex((step) => step.kind === "runSql" && !hasUndo(step.undo));
  if (at >= 0) {
    throw new MigrateError("CONFIGURATION", `migration ${name} cannot be undone`, {
      where: `${where}, step ${at + 1}`,
      found: "a runSql without undo",
      done: "nothing was changed",
      next: "write `undo: { sql: … }`, or `undo: { none: WHY }` if there is nothing to undo",
    });
  }
  return { ...source, name, checksum: checksum(source.steps) };
}

/** The migrations up to and including this one. Throws USAGE for an unknown name. */
export function upTo(migrations: readonly Migration[], name: string): Migration[] {
  return migrations.slice(0, positionOf(migrations, name) + 1);
}

/** The position of this migration in the order. Throws USAGE for an unknown name. */
export function positionOf(migrations: readonly Migration[], name: string): number {
  const at = migrations.findIndex((migration) => migration.name === name);
  if (at >= 0) return at;
  const like = migrations.map((migration) => migration.name).filter((each) => each.includes(name));
  throw new MigrateError("USAGE", `unknown migration ${name}`, {
    ...(like.length === 0 ? {} : { wanted: like }),
    done: "nothing was changed",
    next: hint("status", { note: "lists them" }),
  });
}

function rejectFile(file: string, problem: string): never {
  throw new MigrateError("CONFIGURATION", `${file} in the migrations folder cannot be used`, {
    found: problem,
    next: "rename it to YYYY_MM_DD_what_it_does (lower-case letters, digits, underscores), or move it to another folder",
  });
}

async function loadOne(file: URL, name: string): Promise<Migration> {
  const module = (await import(file.href)) as { default?: unknown };
  return migrationFrom(module.default, name, `${name} in the migrations folder`);
}

function isMigration(value: unknown): value is MigrationSource {
  if (typeof value !== "object" || value === null) return false;
  const { why, upstream, steps } = value as Partial<MigrationSource>;
  return (
    typeof why === "string" &&
    Array.isArray(upstream) &&
    Array.isArray(steps) &&
    steps.length > 0 &&
    steps.every((step: Partial<Step> | null) => stepKinds.some((kind) => kind === step?.kind))
  );
}

/** The content of a file may differ from what its types promise. */
function hasUndo(undo: Partial<Record<"sql" | "none", unknown>> | undefined): boolean {
  return typeof undo?.sql === "string" || typeof undo?.none === "string";
}
