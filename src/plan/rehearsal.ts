/** What `up --json` said on a restored copy of the database: how long each statement worked there. */
import type { Server } from "../catalog/server.ts";
import { isSameSeries } from "../dialect/dialect.ts";
import { MigrateError, messageOf } from "../errors.ts";
import { type Hint, type HintOptions, hint, withoutOption } from "../hint.ts";
import { type Measured, isMeasured } from "../state/measured.ts";

export interface RehearsedStatement extends Measured {
  readonly sql: string;
}

export interface Rehearsal {
  /** The file, as it was named. */
  readonly file: string;
  /** "MariaDB 10.11.6" */
  readonly product: string;
  readonly cluster: boolean;
  /** Those that work in proportion to the rows of a table. */
  readonly statements: readonly RehearsedStatement[];
}

/** Throws USAGE for anything but the document of an `up` that succeeded. */
export function parseRehearsal(file: string, text: string): Rehearsal {
  const answer = parse(file, text);
  const { command, ok, server, statements } = answer;
  if (command !== "up") {
    throw unusable(
      file,
      typeof command === "string" ? `the answer of \`${command}\`` : "something else than `up --json` prints",
    );
  }
  if (ok !== true) throw unusable(file, "the answer of an `up` that failed");
  if (!isObject(server) || typeof server["product"] !== "string" || !Array.isArray(statements)) {
    throw unusable(file, "the answer of an `up` that did not measure its statements: of an older version");
  }
  return {
    file,
    product: server["product"],
    cluster: server["cluster"] === true,
    statements: statements.flatMap(statementOf),
  };
}

/** Throws USAGE if it was made on another series of servers: another one works in other ways, and as fast as it likes. */
export function assertSameSeries({ file, product }: Rehearsal, { dialect }: Server): void {
  if (isSameSeries(product, dialect.product)) return;
  throw unusable(
    file,
    `a rehearsal on ${product}`,
    `a rehearsal on a server of the same series as here, ${dialect.product}`,
  );
}

/** The options of an `up` that decide which statements it sends. */
const deciding: ReadonlySet<string> = new Set(["to", "repair", "allow-late", "skip", "unskip", "reason"]);

/**
 * The command that rehearses `up`. It names the copy by itself, so that it is never printed with the server of this run. It
 * sends what this run would send: accounts and replication of the copy are its own.
 */
export function rehearsalOnCopy(why?: string, up: Hint<"up"> = hint("up")): Hint<"up"> {
  const same: HintOptions<"up"> = Object.fromEntries(Object.entries(up.options).filter(([name]) => deciding.has(name)));
  const options = { url: "mysql://USER@COPY/DATABASE", json: true, yes: true, "allow-stall": true } as const;
  const rehearsing = hint("up", {
    options: { ...same, ...options },
    note: `on a restored copy, with > FILE${why === undefined ? "" : `: ${why}`}`,
  });
  return withoutOption(rehearsing, "rehearsal");
}

// --- internal ---

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function parse(file: string, text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unusable(file, `no JSON: ${messageOf(error)}`);
  }
  if (!isObject(value)) throw unusable(file, "something else than `up --json` prints");
  return value;
}

/** A statement that reads no table is not one to predict. */
function statementOf(value: unknown): RehearsedStatement[] {
  if (!isObject(value) || !isObject(value["reads"])) return [];
  const { seconds, sql, work } = value;
  const measured = { ...value["reads"], seconds, work };
  return typeof sql === "string" && isMeasured(measured) ? [{ ...measured, sql }] : [];
}

function unusable(
  file: string,
  given: string,
  wanted = "what `up --json` printed when it applied these migrations to a restored copy of the database",
): MigrateError {
  return new MigrateError("USAGE", "the file of --rehearsal cannot be used", {
    where: file,
    found: given,
    wanted,
    done: "nothing was changed",
    next: ["restore a backup to a server of the same series, and rehearse there:", rehearsalOnCopy()],
  });
}
