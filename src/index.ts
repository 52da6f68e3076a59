/** The programmatic interface. It never writes to the terminal, never exits, and shows no type of umzug or mysql2. */
export type { Db, Target, Tls } from "./db/db.ts";
export { connect } from "./db/connect.ts";
export { type ErrorCode, MigrateError, catalogue } from "./errors.ts";
export { type Migration, loadMigrations } from "./migrate/load.ts";
export type { RoutineSettings } from "./procedures/wanted.ts";
export type { RepeatState, SurveyedRepeatable } from "./migrate/repeat/repeatable.ts";
export type { Skip } from "./migrate/skip.ts";
export { type ProcedureSource, loadProcedures } from "./procedures/source.ts";
export type { MigrationState } from "./migrate/assess.ts";
export { type Survey, type SurveyOptions, survey } from "./migrate/survey.ts";
export { type DownOptions, type DownResult, down } from "./migrate/down.ts";
export type { DownMigration, DownPlan, DownStep, Until } from "./migrate/down-plan.ts";
export { type UpOptions, type UpResult, up } from "./migrate/up.ts";
export { type Finding, type Verification, verify } from "./migrate/verify.ts";
export type { Progress, Signals } from "./migrate/run.ts";
