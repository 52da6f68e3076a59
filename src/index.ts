/** The programmatic interface. It never writes to the terminal, never exits, and shows no type of umzug or mysql2. */
export type { Db, Target, Tls } from "./db/db.ts";
export { connect } from "./db/connect.ts";
export { type Details, type ErrorCode, MigrateError, catalogue } from "./errors.ts";
export type { Hint, Next } from "./hint.ts";
export { loadAllMigrations } from "./facility/load.ts";
export { type Migration, loadMigrations } from "./plan/load-migrations.ts";
export type { RoutineSettings } from "./repeatables/procedures/wanted.ts";
export type { RepeatableState, PlannedRepeatable } from "./repeatables/repeatable.ts";
export type { Skip } from "./state/skips.ts";
export { type ProcedureSource, loadProcedures } from "./repeatables/procedures/source.ts";
export type { MigrationState } from "./plan/plan.ts";
export { type Plan, type PlanOptions, readPlan } from "./plan/read-plan.ts";
export { type DownOptions, type DownResult, down } from "./migrate/down/down.ts";
export type { DownMigration, DownPlan } from "./plan/down-plan.ts";
export type { DownStep } from "./plan/down-step.ts";
export type { Until } from "./plan/down-targets.ts";
export { type UpOptions, type UpResult, up } from "./migrate/up.ts";
export type { Finding } from "./migrate/finding.ts";
export { type Verification, verify } from "./migrate/verify.ts";
export { type Comparison, type NodeSession, compareNodes } from "./migrate/nodes/compare-nodes.ts";
export type { Progress, Signals } from "./run/run.ts";
export type { Base } from "./base/base.ts";
export { loadBase } from "./base/load-base.ts";
export { type SeedOptions, type SeedResult, seed } from "./seed/seed.ts";
export { type ParsedStory, parseStory } from "./seed/story/parse.ts";
export { type StorySource, readOwnStory, readStoryFile } from "./seed/story/source.ts";
export type { Job } from "./job/job.ts";
export { readJob } from "./job/read/read-job.ts";
export { drawSvg } from "./job/draw/svg.ts";
export { formatHint } from "./documents/format-hint.ts";
export { type Caller, installed } from "./documents/caller.ts";
export type { Answer, Documents, Failure, NoCommandFailure, Success } from "./documents/answer.ts";
export type { PlaceDocument, ServerDocument } from "./documents/place.ts";
export type { RecordedDocument } from "./documents/recorded.ts";
export { type FailureDocument, type HintDocument, failureDocument } from "./documents/failure.ts";
export {
  type StatusDocument,
  type StatusMigration,
  type StatusRepeatable,
  type StatusStep,
  statusDocument,
} from "./documents/status.ts";
export {
  type ForecastDocument,
  type PlanDocument,
  type PlanMigration,
  type PlanRepeatable,
  type PlanRepair,
  type PlanStatement,
  type PlanStep,
  planDocument,
} from "./documents/plan.ts";
export {
  type PlanDownDocument,
  type PlanDownMigration,
  type PlanDownStatement,
  type PlanDownStep,
  planDownDocument,
} from "./documents/plan-down.ts";
export { type UpDocument, upDocument } from "./documents/up.ts";
export {
  type DownDocument,
  type DownMigrationDocument,
  type DownRepeatableDocument,
  type DownStepDocument,
  downDocument,
} from "./documents/down.ts";
export { type SettleDocument, settleDocument } from "./documents/settle.ts";
export { type SettleOptions, type SettleResult, settle } from "./migrate/settle.ts";
export { type FindingDocument, type NodeDocument, type VerifyDocument, verifyDocument } from "./documents/verify.ts";
export {
  type ProvisionDocument,
  type ProvisionRemoveDocument,
  provisionDocument,
  provisionRemoveDocument,
} from "./documents/provision.ts";
export { type JobDocument, type JobListDocument, jobDocument, jobListDocument } from "./documents/show.ts";
export {
  type RemoveDocument,
  type SeedDocument,
  type StoryListDocument,
  removeDocument,
  seedDocument,
} from "./documents/seed.ts";
export { type GenerateDocument, generateDocument } from "./documents/generate.ts";
export type { CompletionDocument, CreateDocument } from "./documents/local.ts";
