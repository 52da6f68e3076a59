/** Other nodes that an option names: each by a URL, with what the URL leaves out taken from the first target. */
import { type Setting, correction } from "../option-layers.ts";
import type { Problems } from "../problems.ts";
import type { Target } from "./db.ts";
import { DEFAULT_PORT, readPort } from "./target.ts";
import { parseUrl } from "./url.ts";

/** The same database and TLS. Another account has its own password, and none of the first one's. */
export function nodeTargets(setting: Setting | undefined, first: Target, problems: Problems): Target[] {
  if (setting === undefined) return [];
  const { from, value, values = [value] } = setting;
  return values.flatMap((each) => nodeTarget({ from, value: each }, first, problems) ?? []);
}

/** "db2:3306": a node in messages. */
export function nodeName({ host, port }: Pick<Target, "host" | "port">): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

// --- internal ---

function nodeTarget(setting: Setting, first: Target, problems: Problems): Target | undefined {
  const parts = problems.collect(() => parseUrl(setting));
  if (parts === undefined) return undefined;
  const { from } = setting;
  const code = from.startsWith("--") ? "USAGE" : "CONFIGURATION";
  const { database = first.database, host, port, user = first.user } = parts;
  if (host === undefined) {
    problems.add(code, `${from}: the URL names no host`, { next: correction(setting) });
    return undefined;
  }
  if (database !== first.database) {
    problems.add(code, `${from}: the URL names another database`, {
      found: database,
      wanted: `${first.database}, or no database`,
      next: correction(setting),
    });
    return undefined;
  }
  const { password: ofFirst, socket: _, user: __, ...rest } = first;
  const password = parts.password ?? (user === first.user ? ofFirst : undefined);
  return {
    ...rest,
    host,
    port: port === undefined ? DEFAULT_PORT : readPort({ from, value: port }, problems),
    user,
    ...(password === undefined ? {} : { password }),
  };
}
