import { z } from "zod";
import type { CompletionDocument, CreateDocument } from "../local.ts";
import { exactly } from "./exactly.ts";

export const create = exactly<CreateDocument>()(
  z.strictObject({
    name: z.string(),
    file: z.string().describe("The path of the new migration"),
    next: z.array(z.string()).describe("What to do with it"),
  }),
);

export const completion = exactly<CompletionDocument>()(z.strictObject({ shell: z.string(), script: z.string() }));
