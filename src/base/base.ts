/** The small schemas of this package, in migrations/base/. */
export type OwnBase = "official" | "diamond";

/**
 * What a test database begins with: a schema of this package, or a path: a script (a facility's dump, packed or not), or a
 * checkout of an ispyb-database repository. A file of the name `official` is `./official`.
 */
export type Base = OwnBase | (string & {});

/** A script, and its name in messages. */
export interface ScriptFile {
  readonly path: string;
  readonly name: string;
}

/** The scripts of a base in their order, and what of a checkout is left out. */
export interface BaseFiles {
  readonly files: readonly ScriptFile[];
  readonly leftOut: readonly string[];
}
