import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { toOwnServer } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { text } from "../sql.ts";
import { type ServerBinary, commandOf } from "./binary.ts";
import { cacheRoot } from "./cache-root.ts";
import { asUser, sizeOf } from "./data-directory.ts";
import { type Guarded, newFolder, startGuarded } from "./guard.ts";
import { fastParent } from "./own-folders.ts";
import type { RunningServer } from "./provider.ts";
import { answers } from "./ready.ts";
import { throwAwaySettings } from "./throw-away-settings.ts";

/** Seconds until the server must answer; it takes 0.2 s on a quiet machine. */
const START_SECONDS = 60;

/** Seconds for a clean shutdown of a directory that is kept; a temporary one needs none. */
const CLEAN_SHUTDOWN_SECONDS = 30;

/** The kernel's limit for a socket path, minus one. */
const SOCKET_PATH_LIMIT = 107;

/** Attempts with another port: another process may take a port before the server uses it. */
const PORT_ATTEMPTS = 5;

export interface PrivateServerOptions {
  /** A data directory to copy; it stays unchanged. */
  readonly copyOf?: string;
  /** A data directory to use directly and to keep. The server is shut down cleanly, so that it can be copied. */
  readonly directory?: string;
  /** Settings of the server; those for temporary data by default. */
  readonly settings?: readonly string[];
  /** More server arguments; they come last and override others. */
  readonly args?: readonly string[];
  /** The copied data are in memory, where the machine has room for them. */
  readonly memory?: boolean;
  /** The server may be detached from this process. */
  readonly detachable?: boolean;
  /** A word in the name of its folder, with a hyphen at the end: `sandbox-`. */
  readonly purpose?: string;
}

/** A private server with its folder, which holds data, socket and log, and goes with it. */
export interface PrivateServer extends RunningServer {
  readonly folder: string;
  /** Lets a detachable server outlive this process. `stopRegistered` ends it, and so does its disposal. */
  readonly detach: () => void;
}

/**
 * Starts a private server on 127.0.0.1 and a socket, with a generated password for root. The server ends and its
 * folder is removed when it is disposed or when this process ends. Throws SERVER_START.
 */
export async function startPrivateServer(binary: ServerBinary, options: PrivateServerOptions): Promise<PrivateServer> {
  const { copyOf, memory = false, purpose } = options;
  const parent = copyOf !== undefined && memory ? await fastParent(await sizeOf(copyOf)) : undefined;
  for (let attempt = 1; ; attempt++) {
    const folder = newFolder(purpose, parent);
    const password = randomBytes(15).toString("base64url");
    const data = options.directory ?? join(folder, "data");
    const port = await freePort();
    const path = join(folder, "socket");
    const socket = Buffer.byteLength(path) < SOCKET_PATH_LIMIT ? path : undefined;
    const guarded = await startGuarded({
      folder,
      prepare: () => fill(folder, password),
      ...commandOf(binary, argumentsFor(binary, options, { folder, data, port, socket })),
      env: binary.env,
      ...(copyOf === undefined ? {} : { copy: { from: copyOf, to: data } }),
      detachable: options.detachable ?? false,
      grace: options.directory === undefined ? 0 : CLEAN_SHUTDOWN_SECONDS,
    });
    try {
      if (await isUp(guarded, { port, socket, password })) {
        return running(binary, guarded, { folder, port, socket, password });
      }
    } catch (error) {
      await guarded.stop();
      throw error;
    }
    await guarded.stop();
    const log = guarded.log();
    if (attempt < PORT_ATTEMPTS && log.some((line) => /address already in use/i.test(line))) continue;
    throw notStarted(binary, log, options.directory === undefined ? dirname(folder) : cacheRoot());
  }
}

interface ServerPaths {
  readonly port: number;
  readonly socket: string | undefined;
  readonly password: string;
}

/** Writes the files that the server needs at start. */
async function fill(folder: string, password: string): Promise<void> {
  await writeFile(join(folder, "init.sql"), accounts(password), { mode: 0o600 });
  await mkdir(join(folder, "tmp"));
}

function argumentsFor(
  binary: ServerBinary,
  options: PrivateServerOptions,
  at: Omit<ServerPaths, "password"> & { readonly folder: string; readonly data: string },
): string[] {
  return [
    ...asUser(),
    ...(options.settings ?? throwAwaySettings(binary.vendor)),
    `--basedir=${binary.basedir}`,
    `--datadir=${at.data}`,
    `--tmpdir=${join(at.folder, "tmp")}`,
    `--pid-file=${join(at.folder, "pid")}`,
    // A relative path is in the data directory, where the limit for long paths does not matter.
    `--socket=${at.socket ?? "socket"}`,
    "--bind-address=127.0.0.1",
    `--port=${at.port}`,
    `--init-file=${join(at.folder, "init.sql")}`,
    // A temporary directory needs no orderly shutdown.
    `--innodb-fast-shutdown=${options.directory === undefined ? 2 : 1}`,
    ...(options.args ?? []),
  ];
}

/** The init file: one statement on each line, as MariaDB requires. It runs before the first connection. */
function accounts(password: string): string {
  const secret = text(password);
  return [
    "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';",
    `ALTER USER 'root'@'127.0.0.1' IDENTIFIED BY ${secret};`,
    "GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;",
    `ALTER USER 'root'@'localhost' IDENTIFIED BY ${secret};`,
    "",
  ].join("\n");
}

async function isUp(guarded: Guarded, { port, socket, password }: ServerPaths): Promise<boolean> {
  const place = { host: "127.0.0.1", port, ...(socket === undefined ? {} : { socket }) };
  const target = { ...place, user: "root", password, database: "mysql", ...toOwnServer } as const;
  return answers(target, START_SECONDS, () => guarded.hasEnded());
}

function running(
  binary: ServerBinary,
  guarded: Guarded,
  { folder, port, socket, password }: ServerPaths & { readonly folder: string },
): PrivateServer {
  return {
    folder,
    detach: guarded.detach,
    description: binary.description,
    host: "127.0.0.1",
    port,
    ...(socket === undefined ? {} : { socket }),
    user: "root",
    password,
    [Symbol.asyncDispose]: () => guarded.stop(),
  };
}

function notStarted(binary: ServerBinary, log: readonly string[], place: string): MigrateError {
  return new MigrateError("SERVER_START", `${binary.description} did not start`, {
    where: binary.file,
    found: log.slice(-12),
    next: remedyFor(log.join("\n"), place),
  });
}

function remedyFor(log: string, place: string): string {
  if (/no space left|error 28\b|out of disk space|disk full/i.test(log)) return `free space in ${place}`;
  return /permission denied|errno: 13/i.test(log)
    ? "a security profile (AppArmor, SELinux) may restrict this program to its own folder: allow it to read the temporary folder, or set TMPDIR to a folder that it may use"
    : "read the server's messages above";
}

/** A port that is free now. Another process may take it before the server does; then another port is tried. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
