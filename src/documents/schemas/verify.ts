import { z } from "zod";
import type { VerifyDocument } from "../verify.ts";
import { exactly } from "./exactly.ts";
import { name, notVisible, notices, place } from "./parts.ts";

const finding = z
  .strictObject({
    name,
    what: z.string().describe("What is missing or different, in a sentence"),
    repair: z.array(z.string()).describe("The statements, or the command; none where a person has to decide"),
  })
  .meta({ id: "finding" });

export const verify = exactly<VerifyDocument>()(
  z.strictObject({ ...place, equal: z.boolean(), differences: z.array(finding), notices, notVisible }),
);
