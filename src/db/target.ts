import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { type Layer, type Setting, pick } from "../option-layers.ts";
import { options } from "../options.ts";
import type { Problems } from "../problems.ts";
import type { Target, Tls } from "./db.ts";
import { parseUrl } from "./url.ts";

/** Where the distributions put the socket of a server on the same machine. */
const usualSockets = [
  "/run/mysqld/mysqld.sock",
  "/var/run/mysqld/mysqld.sock",
  "/var/lib/mysql/mysql.sock",
  "/tmp/mysql.sock",
];

const DEFAULT_PORT = 3306;

/**
 * Which server, account and database the options mean; the strongest layer comes first.
 * A URL says host, port, user, password and database at once, in its own layer. The password may be
 * undefined: then the server decides whether one is needed. Undefined where `problems` were added.
 */
export function resolveTarget(
  layers: readonly Layer[],
  problems: Problems,
  env: Readonly<Record<string, string | undefined>>,
): Target | undefined {
  const tls = resolveTls(layers, problems);
  const expanded = layers.map((layer) => expandUrl(layer, problems)).filter((layer) => layer !== undefined);
  // A URL that cannot be read leaves nothing to say about server and database.
  if (expanded.length < layers.length) return undefined;
  const place = resolveEndpoint(expanded, problems);
  const database = text(pick(expanded, "database"));
  if (database === undefined) {
    problems.add("USAGE", "no database is named", {
      next: [
        "--database NAME",
        "or --url mysql://USER@HOST:3306/NAME",
        "or database=NAME under [ispyb-migrate] in ~/.my.cnf",
      ],
    });
  }
  if (place === undefined || database === undefined) return undefined;
  const password = pick(expanded, "password")?.value;
  return {
    ...place,
    user: text(pick(expanded, "user")) ?? operatingSystemUser(env),
    ...(typeof password === "string" ? { password } : {}),
    database,
    tls,
  };
}

// --- internal ---

type Endpoint = Pick<Target, "host" | "port" | "socket">;

/** The layer with its URL in parts. What it also names by an option of its own has to be the same. */
function expandUrl(layer: Layer, problems: Problems): Layer | undefined {
  const url = layer.get("url");
  if (url === undefined) return layer;
  const parts = problems.collect(() => parseUrl(url));
  if (parts === undefined) return undefined;
  const socket = layer.get("socket");
  if (socket !== undefined) {
    problems.add(codeOf(url), `${url.from} and ${socket.from} each name a server`, { next: "leave one of them out" });
  }
  const database = layer.get("database");
  if (database !== undefined && parts.database !== undefined && database.value !== parts.database) {
    problems.add(codeOf(url), `${url.from} and ${database.from} name two databases`, {
      found: [parts.database, String(database.value)],
      next: "leave one of them out",
    });
  }
  const expanded = new Map(layer);
  for (const [name, value] of Object.entries(parts)) expanded.set(name, { value, from: url.from });
  // A host in a URL is meant as a host, even localhost.
  if (parts.host !== undefined) expanded.set("protocol", { value: "tcp", from: url.from });
  return expanded;
}

/**
 * The strongest layer that names a server at all decides. An option file is read as the stock client
 * reads it: localhost means the socket, every other host means TCP.
 */
function resolveEndpoint(layers: readonly Layer[], problems: Problems): Endpoint | undefined {
  const layer = layers.find((each) => ["socket", "host", "port"].some((name) => each.has(name)));
  if (layer === undefined) return usualSocket() ?? noServer(problems);

  const host = text(layer.get("host")) ?? "localhost";
  const port = readPort(layer.get("port"), problems);
  const socket = text(layer.get("socket"));
  const tcp =
    layer.get("protocol")?.value === "tcp" || host !== "localhost" || (socket === undefined && layer.has("port"));
  if (tcp) return { host, port };
  return socket === undefined ? (usualSocket() ?? { host, port }) : { host, port, socket };
}

function usualSocket(): Endpoint | undefined {
  const socket = usualSockets.find((path) => existsSync(path));
  return socket === undefined ? undefined : { host: "localhost", port: DEFAULT_PORT, socket };
}

function noServer(problems: Problems): undefined {
  problems.add("USAGE", "no server is named, and none has its socket in a usual place on this machine", {
    found: usualSockets.map((path) => `no ${path}`),
    next: [
      "--url mysql://USER@HOST:3306/DATABASE",
      "or --socket PATH --database NAME",
      "or host=… under [client] in ~/.my.cnf",
    ],
  });
}

function readPort(setting: Setting | undefined, problems: Problems): number {
  if (setting === undefined) return DEFAULT_PORT;
  const port = Number(setting.value);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  problems.add(codeOf(setting), `${setting.from} is not a port`, { wanted: "a number from 1 to 65535" });
  return DEFAULT_PORT;
}

function resolveTls(layers: readonly Layer[], problems: Problems): Tls {
  const ca = text(pick(layers, "ssl-ca"));
  const cert = text(pick(layers, "ssl-cert"));
  const key = text(pick(layers, "ssl-key"));
  const said = pick(layers, "ssl-mode");
  // Whoever names an authority wants it to be asked.
  const mode = said === undefined ? (ca === undefined ? "preferred" : "verify-ca") : readMode(said, problems);
  if (mode.startsWith("verify") && ca === undefined) {
    problems.add("USAGE", `${mode} needs the authority that signed the server's certificate`, {
      next: "--ssl-ca FILE",
    });
  }
  if ((cert === undefined) !== (key === undefined)) {
    problems.add("USAGE", "a certificate and its key belong together", { next: "--ssl-cert FILE --ssl-key FILE" });
  }
  return {
    mode,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** MySQL writes VERIFY_CA; its client takes either case. */
function readMode(setting: Setting, problems: Problems): Tls["mode"] {
  const wanted = String(setting.value).toLowerCase().replaceAll("_", "-");
  const choices = options["ssl-mode"].choices;
  const mode = choices.find((choice) => choice === wanted);
  if (mode !== undefined) return mode;
  problems.add(codeOf(setting), `${setting.from} is no TLS mode`, { wanted: `one of ${choices.join(", ")}` });
  return "preferred";
}

function operatingSystemUser(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return env["USER"] ?? "root";
  }
}

/** A name without its value counts as absent here; resolveOptions reports it. */
function text(setting: Setting | undefined): string | undefined {
  return typeof setting?.value === "string" && setting.value !== "" ? setting.value : undefined;
}

function codeOf(setting: Setting): "USAGE" | "CONFIGURATION" {
  return setting.from.startsWith("--") ? "USAGE" : "CONFIGURATION";
}
