import { z } from "zod";
import type {
  SandboxCheckDocument,
  SandboxDocument,
  SandboxListDocument,
  SandboxPackDocument,
  SandboxResetDocument,
  SandboxStopDocument,
} from "../sandbox.ts";
import { exactly } from "./exactly.ts";
import { count } from "./parts.ts";

const id = z.string().describe("For `sandbox stop`");
const name = z.string().describe("The database");

const account = {
  user: z.string(),
  password: z.string().describe("Generated for this sandbox"),
  url: z.string().describe("With the password"),
};

export const sandbox = exactly<SandboxDocument>()(
  z.strictObject({
    id,
    server: z.string().describe("Product and version, and where its program comes from"),
    host: z.string(),
    port: count,
    socket: z.string().nullable().describe("Null if the server has none"),
    databases: z.array(z.strictObject({ name, ...account }).meta({ id: "sandboxDatabase" })),
    admin: z.strictObject(account).meta({ id: "sandboxAccount" }).describe("The account with all privileges"),
    started: z.string().describe("ISO 8601, UTC"),
  }),
);

export const sandboxList = exactly<SandboxListDocument>()(
  z.strictObject({ sandboxes: z.array(sandbox.meta({ id: "sandbox" })) }),
);

export const sandboxStop = exactly<SandboxStopDocument>()(z.strictObject({ stopped: z.array(id) }));

export const sandboxReset = exactly<SandboxResetDocument>()(
  z.strictObject({
    id,
    databases: z.array(
      z
        .strictObject({
          name,
          rebuilt: z.boolean().describe("It was dropped and created again: a procedure could not restore it"),
        })
        .meta({ id: "resetDatabase" }),
    ),
  }),
);

export const sandboxCheck = exactly<SandboxCheckDocument>()(
  z.strictObject({
    id,
    databases: z.array(z.strictObject({ name, differences: z.array(z.string()) }).meta({ id: "checkedDatabase" })),
  }),
);

export const sandboxPack = exactly<SandboxPackDocument>()(
  z.strictObject({ file: z.string(), bytes: count, server: z.string() }),
);
