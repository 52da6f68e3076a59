import type { Provisioned } from "../provision/provision.ts";
import type { Removed } from "../provision/remove.ts";
import type { SandboxDatabaseDocument } from "./sandbox.ts";

/** Of `provision`. It holds the generated passwords. */
export interface ProvisionDocument {
  /** Product and version. */
  readonly server: string;
  readonly databases: readonly ProvisionedDatabaseDocument[];
}

export interface ProvisionedDatabaseDocument extends SandboxDatabaseDocument {
  /** "filled" if it existed and was empty, "replaced" if it had another content before. */
  readonly treatment: "created" | "filled" | "reset" | "replaced";
}

/** Of `provision remove`. */
export interface ProvisionRemoveDocument {
  /** Databases that are gone, with their accounts. */
  readonly removed: readonly string[];
}

export function provisionDocument({ databases, server }: Provisioned): ProvisionDocument {
  return {
    server,
    databases: databases.map(({ name, password, treatment, url, user }) => ({ name, user, password, url, treatment })),
  };
}

export function provisionRemoveDocument({ names }: Removed): ProvisionRemoveDocument {
  return { removed: names };
}
