/** The programmatic interface. It never writes to the terminal, never exits, and shows no type of umzug or mysql2. */
export type { Db, Target, Tls } from "./db/db.ts";
export { connect } from "./db/connect.ts";
export { type ErrorCode, MigrateError, catalogue } from "./errors.ts";
export { type Migration, loadMigrations } from "./plan/load.ts";
export type { RoutineSettings } from "./repeatables/procedures/wanted.ts";
export type { RepeatableState, PlannedRepeatable } from "./repeatables/repeatable.ts";
export type { Skip } from "./state/skips.ts";
export { type ProcedureSource, loadProcedures } from "./repeatables/procedures/source.ts";
export type { MigrationState } from "./plan/plan.ts";
export { type Plan, type PlanOptions, readPlan } from "./plan/read-plan.ts";
export { type DownOptions, type DownResult, down } from "./migrate/down/down.ts";
export type { DownMigration, DownPlan, DownStep, Until } from "./migrate/down/down-plan.ts";
export { type UpOptions, type UpResult, up } from "./migrate/up.ts";
export { type Finding, type Verification, verify } from "./migrate/verify.ts";
export type { Progress, Signals } from "./run/run.ts";
