/** What repeatables are planned from. */
import type { Server } from "../catalog/server.ts";
import type { Catalog } from "../model.ts";
import type { Entry } from "../state/journal.ts";
import type { ProcedureSource } from "./procedures/source.ts";
import type { RoutineSettings } from "./procedures/wanted.ts";

/** A migration as the repeatables see it. */
export interface MigrationRef {
  readonly name: string;
  readonly upstream: readonly string[];
}

export interface RepeatableContext {
  readonly server: Server;
  /** The catalog after the migrations. */
  readonly catalog: Catalog;
  readonly migrations: readonly MigrationRef[];
  /** Names of the migrations that are applied, or will be before the repeatables run. */
  readonly applied: ReadonlySet<string>;
  /** False if only a part of the migrations is wanted: procedures and grants depend on all of them. */
  readonly isWhole: boolean;
  /** The journal, with the skips that this command asks for already in it. */
  readonly entries: readonly Entry[];
  readonly recorded: readonly Entry[];
  readonly procedures: readonly ProcedureSource[];
  readonly routines: RoutineSettings;
  readonly createRoles: boolean;
}
