import { z } from "zod";
import type { SettleDocument } from "../settle.ts";
import { exactly } from "./exactly.ts";
import { name, place } from "./parts.ts";

const matter = z.enum(["unknown", "edited", "gone", "renamed"]).meta({
  id: "matter",
  description:
    "`unknown`: statements that were cut off. `edited`: the file is not as it was applied. `gone`: recorded, and without a file. `renamed`: its file has another name now",
});

export const settle = exactly<SettleDocument>()(
  z.strictObject({
    ...place,
    name,
    matter,
    what: z.string().describe("What was recorded, in one sentence"),
    reason: z.string().describe("Why; the journal keeps it"),
  }),
);
