import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { MigrateError } from "../errors.ts";
import { text } from "../sql.ts";
import type { ServerBinary } from "./binary.ts";
import { asUser } from "./data-directory.ts";
import { type Guarded, newFolder, startGuarded } from "./guard.ts";
import type { RunningServer } from "./provider.ts";
import { answers } from "./ready.ts";
import { throwAwaySettings } from "./throw-away-settings.ts";

/** Seconds until a server has to answer; it takes 0.2 on a quiet machine. */
const START_SECONDS = 60;

/** A directory that is kept is put in order at the end; what is thrown away need not be. */
const CLEAN_SHUTDOWN_SECONDS = 30;

/** The kernel's limit for the path of a socket, less one. */
const SOCKET_PATH_LIMIT = 107;

/** How often another port is tried when somebody took ours between asking for it and using it. */
const PORT_ATTEMPTS = 5;

export interface PrivateServerOptions {
  /** A data directory that is copied and stays as it is … */
  readonly copyOf?: string;
  /** … or one that is used as it is and kept. It is shut down cleanly then, so that it can be copied. */
  readonly directory?: string;
  /** More server arguments; they come last and win. */
  readonly args?: readonly string[];
}

/**
 * Starts a server of our own on 127.0.0.1 and a socket, with a generated password for root.
 * It ends, and its folder goes, when it is disposed or when this process is gone.
 */
export async function startPrivateServer(binary: ServerBinary, options: PrivateServerOptions): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    const folder = newFolder();
    const password = randomBytes(15).toString("base64url");
    const data = options.directory ?? join(folder, "data");
    const port = await freePort();
    const path = join(folder, "socket");
    const socket = Buffer.byteLength(path) < SOCKET_PATH_LIMIT ? path : undefined;
    const guarded = await startGuarded({
      folder,
      prepare: () => fill(folder, password),
      file: binary.file,
      args: argumentsFor(binary, options, { folder, data, port, socket }),
      env: binary.env,
      ...(options.copyOf === undefined ? {} : { copy: { from: options.copyOf, to: data } }),
      grace: options.directory === undefined ? 0 : CLEAN_SHUTDOWN_SECONDS,
    });
    try {
      if (await isUp(guarded, { port, socket, password })) {
        return running(binary, guarded, { port, socket, password });
      }
    } catch (error) {
      await guarded.stop();
      throw error;
    }
    await guarded.stop();
    const log = guarded.log();
    if (attempt < PORT_ATTEMPTS && log.some((line) => /address already in use/i.test(line))) continue;
    throw notStarted(binary, log);
  }
}

interface ServerPaths {
  readonly port: number;
  readonly socket: string | undefined;
  readonly password: string;
}

/** What the server finds in its folder when it starts. */
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
    "--no-defaults",
    ...binary.args,
    ...asUser(),
    ...throwAwaySettings(binary.vendor),
    `--basedir=${binary.basedir}`,
    `--datadir=${at.data}`,
    `--tmpdir=${join(at.folder, "tmp")}`,
    `--pid-file=${join(at.folder, "pid")}`,
    // A relative one lies in the data directory, where a long path does no harm.
    `--socket=${at.socket ?? "socket"}`,
    "--bind-address=127.0.0.1",
    `--port=${at.port}`,
    `--init-file=${join(at.folder, "init.sql")}`,
    // What is thrown away need not be put in order first.
    `--innodb-fast-shutdown=${options.directory === undefined ? 2 : 1}`,
    ...(options.args ?? []),
  ];
}

/** One statement per line, as MariaDB reads it. It runs before the first connection is taken. */
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
  const target = { ...place, user: "root", password, database: "mysql", tls: { mode: "disabled" } } as const;
  return answers(target, START_SECONDS, () => guarded.hasEnded());
}

function running(binary: ServerBinary, guarded: Guarded, { port, socket, password }: ServerPaths): RunningServer {
  return {
    description: binary.description,
    host: "127.0.0.1",
    port,
    ...(socket === undefined ? {} : { socket }),
    user: "root",
    password,
    [Symbol.asyncDispose]: () => guarded.stop(),
  };
}

function notStarted(binary: ServerBinary, log: readonly string[]): MigrateError {
  const denied = log.some((line) => /permission denied|errno: 13/i.test(line));
  return new MigrateError("SERVER_START", `${binary.description} did not start`, {
    where: binary.file,
    found: log.slice(-12),
    next: denied
      ? "a security profile (AppArmor, SELinux) may confine this program to its own folder: let it read the temporary folder, or set TMPDIR to one that it may use"
      : "look at the server's own lines above; its folder is removed, nothing was left behind",
  });
}

/** A port that nobody uses now. Somebody may take it before the server does: then another is tried. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
