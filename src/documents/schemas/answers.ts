/** The published schemas: one a command, and one for a failure before it is known which command is meant. */
import { z } from "zod";
import type { Documents } from "../answer.ts";
import { down } from "./down.ts";
import { failure } from "./failure.ts";
import { completion, create } from "./local.ts";
import { plan } from "./plan.ts";
import { planDown } from "./plan-down.ts";
import { provision, provisionRemove } from "./provision.ts";
import { sandbox, sandboxCheck, sandboxList, sandboxPack, sandboxReset, sandboxStop } from "./sandbox.ts";
import { seed, seedGenerate, seedList, seedRemove } from "./seed.ts";
import { settle } from "./settle.ts";
import { showJob, showList } from "./show.ts";
import { status } from "./status.ts";
import { up } from "./up.ts";
import { verify } from "./verify.ts";

/** The documents of each command; several where its arguments decide. */
const documents: Readonly<Record<keyof Documents, readonly z.ZodObject[]>> = {
  status: [status],
  plan: [plan, planDown],
  up: [up],
  down: [down],
  verify: [verify],
  accept: [settle],
  forget: [settle],
  show: [showJob, showList],
  seed: [seedList, seed, seedRemove, seedGenerate],
  sandbox: [sandbox, sandboxList, sandboxStop, sandboxReset, sandboxCheck, sandboxPack],
  provision: [provision, provisionRemove],
  create: [create],
  completion: [completion],
};

/** JSON Schemas (draft 2020-12) by the name of their file: `plan` for plan.schema.json. */
export function answerSchemas(): Map<string, object> {
  const ofCommands = Object.entries(documents).map(([command, own]): [string, z.ZodType] => [
    command,
    z.union([
      ...own.map((document) => z.strictObject({ ...envelope(command, true), ...document.shape })),
      z.strictObject({ ...envelope(command, false), error: failure }),
      // Some fail after the document was made.
      ...own.map((document) => z.strictObject({ ...envelope(command, false), ...document.shape, error: failure })),
    ]),
  ]);
  const withoutCommand: [string, z.ZodType] = ["failure", z.strictObject({ ...envelope(null, false), error: failure })];
  return new Map([...ofCommands, withoutCommand].map(([name, schema]) => [name, published(name, schema)]));
}

// --- internal ---

function envelope(command: string | null, ok: boolean) {
  return {
    schema: z.literal(1).describe("The version of the documents"),
    command: z.literal(command),
    ok: z.literal(ok).describe(ok ? "The command did its job" : "It failed"),
  };
}

function published(name: string, schema: z.ZodType): object {
  return z.toJSONSchema(schema.meta({ title: titleOf(name) }), {
    target: "draft-2020-12",
    // A number is as large as JSON takes it.
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
}

function titleOf(name: string): string {
  return name === "failure"
    ? "What --json prints where the command line names no command"
    : `What ${name} --json prints`;
}
