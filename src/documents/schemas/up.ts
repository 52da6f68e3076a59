import { z } from "zod";
import type { UpDocument } from "../up.ts";
import { exactly } from "./exactly.ts";
import { name, notVisible, notices, place } from "./parts.ts";

export const up = exactly<UpDocument>()(
  z.strictObject({
    ...place,
    recorded: z.array(name).describe("The migrations that this run recorded"),
    repeatables: z.array(name).describe("The procedures, rows of SchemaStatus and privileges that followed"),
    notices,
    notVisible,
  }),
);
