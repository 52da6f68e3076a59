import { z } from "zod";
import type { VerifyDocument } from "../verify.ts";
import { exactly } from "./exactly.ts";
import { name, notVisible, notices, place, server } from "./parts.ts";

const finding = z
  .strictObject({
    node: z
      .exactOptional(z.string())
      .describe("The other node that it is about, by its host and port; left out: the server that `server` names"),
    name: name.describe("The name that the journal knows; of another node also a table or another object"),
    what: z.string().describe("What is missing or different, in a sentence"),
    repair: z.array(z.string()).describe("The statements, or the command; none where a person has to decide"),
  })
  .meta({ id: "finding" });

const nodes = z
  .array(
    z.strictObject({ name: z.string().describe("Host and port"), server, equal: z.boolean() }).meta({ id: "node" }),
  )
  .describe("The other nodes that were compared with this one");

export const verify = exactly<VerifyDocument>()(
  z.strictObject({ ...place, equal: z.boolean(), differences: z.array(finding), notices, notVisible, nodes }),
);
