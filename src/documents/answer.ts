/** The envelope of every answer: which version of which document it is, and whether the command did its job. */
import type { DownDocument } from "./down.ts";
import type { FailureDocument } from "./failure.ts";
import type { GenerateDocument } from "./generate.ts";
import type { CompletionDocument, CreateDocument } from "./local.ts";
import type { PlanDocument } from "./plan.ts";
import type { PlanDownDocument } from "./plan-down.ts";
import type { ProvisionDocument, ProvisionRemoveDocument } from "./provision.ts";
import type { RemoveDocument, SeedDocument, StoryListDocument } from "./seed.ts";
import type {
  SandboxCheckDocument,
  SandboxDocument,
  SandboxListDocument,
  SandboxPackDocument,
  SandboxResetDocument,
  SandboxStopDocument,
} from "./sandbox.ts";
import type { SettleDocument } from "./settle.ts";
import type { JobDocument, JobListDocument } from "./show.ts";
import type { StatusDocument } from "./status.ts";
import type { UpDocument } from "./up.ts";
import type { VerifyDocument } from "./verify.ts";

/** What each command answers. */
export interface Documents {
  readonly status: StatusDocument;
  readonly plan: PlanDocument | PlanDownDocument;
  readonly up: UpDocument;
  readonly down: DownDocument;
  readonly verify: VerifyDocument;
  readonly accept: SettleDocument;
  readonly forget: SettleDocument;
  readonly show: JobDocument | JobListDocument;
  readonly seed: StoryListDocument | SeedDocument | RemoveDocument | GenerateDocument;
  readonly sandbox:
    | SandboxDocument
    | SandboxListDocument
    | SandboxStopDocument
    | SandboxResetDocument
    | SandboxCheckDocument
    | SandboxPackDocument;
  readonly provision: ProvisionDocument | ProvisionRemoveDocument;
  readonly create: CreateDocument;
  readonly completion: CompletionDocument;
}

/** The version of the documents. */
const SCHEMA = 1;

interface Envelope<Command, Ok extends boolean> {
  readonly schema: typeof SCHEMA;
  readonly command: Command;
  readonly ok: Ok;
}

export type Success<Command extends keyof Documents> = Envelope<Command, true> & Documents[Command];

/** A failure, with the document if the command had it before it failed. */
export type Failure<Command extends keyof Documents> = Envelope<Command, false> & {
  readonly error: FailureDocument;
} & (Documents[Command] | object);

/** A failure before the command was known. */
export type NoCommandFailure = Envelope<null, false> & { readonly error: FailureDocument };

/** What a command prints with --json. */
export type Answer<Command extends keyof Documents> = Success<Command> | Failure<Command>;

/** The text of an answer. */
export function formatAnswer(command: string | undefined, ok: boolean, fields: object): string {
  return `${JSON.stringify({ schema: SCHEMA, command: command ?? null, ok, ...fields }, bigintAsText, 2)}\n`;
}

// --- internal ---

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
