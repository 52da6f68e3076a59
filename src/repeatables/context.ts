/** What repeatables are judged by. */
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
  /** As the migrations leave it. */
  readonly catalog: Catalog;
  readonly migrations: readonly MigrationRef[];
  /** Names of those that are applied, or will be before the repeatables have their turn. */
  readonly applied: ReadonlySet<string>;
  /** False where only a part of the migrations is wanted: procedures and grants stand upon all of them. */
  readonly isWhole: boolean;
  /** The journal, as if what is to be skipped were so already. */
  readonly entries: readonly Entry[];
  readonly recorded: readonly Entry[];
  readonly procedures: readonly ProcedureSource[];
  readonly routines: RoutineSettings;
  readonly createRoles: boolean;
}
