import type { Description } from "../sandbox/description.ts";

/** Of `sandbox`, and an entry of `sandbox list`. It holds the generated passwords. */
export interface SandboxDocument {
  /** For `sandbox stop`. */
  readonly id: string;
  /** Product and version, and where its program comes from. */
  readonly server: string;
  readonly host: string;
  readonly port: number;
  /** Null if the server has none. */
  readonly socket: string | null;
  readonly databases: readonly SandboxDatabaseDocument[];
  /** The account with all privileges. */
  readonly admin: SandboxAccountDocument;
  /** ISO 8601, UTC. */
  readonly started: string;
}

export interface SandboxAccountDocument {
  readonly user: string;
  readonly password: string;
  /** With the password. */
  readonly url: string;
}

export interface SandboxDatabaseDocument extends SandboxAccountDocument {
  readonly name: string;
}

/** Of `sandbox list`. */
export interface SandboxListDocument {
  readonly sandboxes: readonly SandboxDocument[];
}

/** Of `sandbox stop`. */
export interface SandboxStopDocument {
  /** Ids. */
  readonly stopped: readonly string[];
}

/** Of `sandbox reset`. */
export interface SandboxResetDocument {
  readonly id: string;
  readonly databases: readonly {
    readonly name: string;
    /** True if it was dropped and created again, because a procedure could not restore it. */
    readonly rebuilt: boolean;
  }[];
}

/** Of `sandbox check`. */
export interface SandboxCheckDocument {
  readonly id: string;
  readonly databases: readonly { readonly name: string; readonly differences: readonly string[] }[];
}

/** Of `sandbox pack`. */
export interface SandboxPackDocument {
  readonly file: string;
  readonly bytes: number;
  readonly server: string;
}

export function sandboxDocument(sandbox: Description): SandboxDocument {
  const { id, server, host, port, socket, databases, admin, started } = sandbox;
  return {
    id,
    server,
    host,
    port,
    socket: socket ?? null,
    databases: databases.map((each) => ({ name: each.name, ...account(each) })),
    admin: account(admin),
    started,
  };
}

// --- internal ---

function account({ user, password, url }: SandboxAccountDocument): SandboxAccountDocument {
  return { user, password, url };
}
