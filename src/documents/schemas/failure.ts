import { z } from "zod";
import { type ErrorCode, catalogue } from "../../errors.ts";
import type { FailureDocument, HintDocument } from "../failure.ts";
import { exactly } from "./exactly.ts";

const codes = Object.keys(catalogue) as [ErrorCode, ...ErrorCode[]];

const hint = exactly<HintDocument>()(
  z
    .strictObject({
      command: z.string(),
      args: z.array(z.string()),
      options: z
        .record(z.string(), z.union([z.string(), z.literal(true), z.array(z.string())]))
        .describe("By their names; true for a switch"),
      note: z.string().nullable().describe("What the command is for, or when to run it"),
    })
    .meta({ id: "hint", description: "A command of this tool" }),
);

export const failure = exactly<FailureDocument>()(
  z
    .strictObject({
      code: z.enum(codes),
      message: z.string(),
      where: z.string().nullable().describe("The object it happened on: a table, a step, a server, a file"),
      found: z.array(z.string()).describe("What was found there"),
      wanted: z.array(z.string()).describe("What was wanted instead"),
      done: z.string().nullable().describe("What was done, and what was not; null where nothing could have been"),
      next: z.array(z.string()).describe("The exact next command, or the few choices, as they are printed"),
      hints: z.array(hint).describe("The commands among them as data"),
    })
    .meta({ id: "failure" }),
);
