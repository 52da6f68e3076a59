import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { type Layer, type Setting, correction, pick } from "../option-layers.ts";
import { options } from "../options.ts";
import type { Problems } from "../problems.ts";
import type { Target, Tls } from "./db.ts";
import { parseUrl } from "./url.ts";

/** The paths where distributions put the socket of a local server. */
const usualSockets = [
  "/run/mysqld/mysqld.sock",
  "/var/run/mysqld/mysqld.sock",
  "/var/lib/mysql/mysql.sock",
  "/tmp/mysql.sock",
];

export const DEFAULT_PORT = 3306;

/**
 * The server, account and database that the options name; the strongest layer comes first. A URL gives host, port,
 * user, password and database together, in its own layer. The password may be undefined: then the server decides
 * if one is needed. Returns undefined if it added to `problems`.
 */
export function resolveTarget(
  layers: readonly Layer[],
  problems: Problems,
  env: Readonly<Record<string, string | undefined>>,
): Target | undefined {
  const tls = resolveTls(layers, problems);
  const expanded = layers.map((layer) => expandUrl(layer, problems)).filter((layer) => layer !== undefined);
  // After an invalid URL, further messages about server and database would be wrong.
  if (expanded.length < layers.length) return undefined;
  const place = resolveEndpoint(expanded, problems);
  for (const name of ["host", "user", "database"]) refuseLineEnd(pick(expanded, name), name, problems);
  const database = text(pick(expanded, "database"));
  if (database === undefined) {
    problems.add("USAGE", "no database was given", {
      next: "give --database NAME, or --url mysql://USER@HOST:3306/NAME, or database=NAME under [ispyb-migrate] in ~/.my.cnf",
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

/** The layer with its URL split into parts. A part that is also given by its own option must be the same. */
function expandUrl(layer: Layer, problems: Problems): Layer | undefined {
  const url = layer.get("url");
  if (url === undefined) return layer;
  const parts = problems.collect(() => parseUrl(url));
  if (parts === undefined) return undefined;
  const socket = layer.get("socket");
  if (socket !== undefined) {
    problems.add(codeOf(url), `${url.from} and ${socket.from} both name a server`, { next: "leave one of them out" });
  }
  const database = layer.get("database");
  if (database !== undefined && parts.database !== undefined && database.value !== parts.database) {
    problems.add(codeOf(url), `${url.from} and ${database.from} name different databases`, {
      found: [parts.database, String(database.value)],
      next: "leave one of them out",
    });
  }
  const expanded = new Map(layer);
  for (const [name, value] of Object.entries(parts)) expanded.set(name, { value, from: url.from });
  // A host in a URL means TCP, even localhost.
  if (parts.host !== undefined) expanded.set("protocol", { value: "tcp", from: url.from });
  return expanded;
}

/**
 * The server of the strongest layer that names one. As in the stock client, localhost in an option file means the
 * socket, and every other host means TCP.
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
  problems.add("USAGE", "no server was given, and no socket of a local server was found", {
    found: usualSockets.map((path) => `no ${path}`),
    next: "give --url mysql://USER@HOST:3306/DATABASE, or --socket PATH --database NAME, or host=HOST under [client] in ~/.my.cnf",
  });
}

export function readPort(setting: Setting | undefined, problems: Problems): number {
  if (setting === undefined) return DEFAULT_PORT;
  const port = Number(setting.value);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  problems.add(codeOf(setting), `${setting.from}: invalid port`, {
    wanted: "a number from 1 to 65535",
    next: correction(setting),
  });
  return DEFAULT_PORT;
}

function resolveTls(layers: readonly Layer[], problems: Problems): Tls {
  const ca = text(pick(layers, "ssl-ca"));
  const cert = text(pick(layers, "ssl-cert"));
  const key = text(pick(layers, "ssl-key"));
  const given = pick(layers, "ssl-mode");
  // A given authority means that the certificate is to be verified.
  const mode = given === undefined ? (ca === undefined ? "preferred" : "verify-ca") : readMode(given, problems);
  if (mode.startsWith("verify") && ca === undefined) {
    problems.add(
      "USAGE",
      `--ssl-mode=${mode} requires the certificate of the authority that signed the server's certificate`,
      {
        next: "add --ssl-ca FILE",
      },
    );
  }
  if ((cert === undefined) !== (key === undefined)) {
    problems.add("USAGE", "--ssl-cert and --ssl-key must be given together", {
      next: "add --ssl-cert FILE --ssl-key FILE",
    });
  }
  return {
    mode,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** The TLS mode, in either case and with - or _: MySQL writes VERIFY_CA. */
function readMode(setting: Setting, problems: Problems): Tls["mode"] {
  const wanted = String(setting.value).toLowerCase().replaceAll("_", "-");
  const choices = options["ssl-mode"].choices;
  const mode = choices.find((choice) => choice === wanted);
  if (mode !== undefined) return mode;
  problems.add(codeOf(setting), `${setting.from}: invalid TLS mode`, {
    wanted: `one of ${choices.join(", ")}`,
    next: correction(setting),
  });
  return "preferred";
}

function operatingSystemUser(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id without a name.
    return env["USER"] ?? "root";
  }
}

/**
 * No server has a database whose name ends in a blank, and none an account or a host that ends in a line end: a file with
 * the line ends of Windows leaves one.
 */
function refuseLineEnd(setting: Setting | undefined, name: string, problems: Problems): void {
  const value = text(setting);
  if (setting === undefined || value === undefined) return;
  const end = name === "database" ? /\s+$/ : /[\r\n\t]+$/;
  if (!end.test(value)) return;
  problems.add(codeOf(setting), `${setting.from}: the name of the ${name} ends in a blank or a line end`, {
    found: JSON.stringify(value),
    wanted: JSON.stringify(value.replace(end, "")),
    next: correction(setting),
  });
}

/** The setting's text; undefined for a flag without its value, which resolveOptions reports. */
function text(setting: Setting | undefined): string | undefined {
  return typeof setting?.value === "string" && setting.value !== "" ? setting.value : undefined;
}

function codeOf(setting: Setting): "USAGE" | "CONFIGURATION" {
  return setting.from.startsWith("--") ? "USAGE" : "CONFIGURATION";
}
