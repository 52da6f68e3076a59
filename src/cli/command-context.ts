import { type Db, type Target, describeTarget } from "../db/db.ts";
import { serverErrorNamed } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import type { Options } from "../options.ts";
import type { Interrupt } from "./interrupt.ts";
import type { Output } from "./output.ts";
import { askPassword, canAsk, confirm } from "./prompt.ts";
import type { Report } from "./report.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a command gets that needs no database. */
export interface LocalContext {
  readonly options: Options;
  /** The arguments after the command's name, checked against its entry in the table. */
  readonly args: readonly string[];
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly out: Output;
  readonly env: Surroundings["env"];
  readonly interrupt: Interrupt;
  /** The id of the parent process; it changes when the parent has ended. */
  readonly parent: () => number;
  /** The words after `--`. */
  readonly program: readonly string[];
}

/** What a command gets that works on a database. */
export interface CommandContext extends Omit<LocalContext, "env" | "parent" | "program"> {
  /** Server, account and database. The password is known once a connection was made. */
  readonly target: Target;
  /** A connection of its own, with our session settings, to the target's database or another; the caller disposes of it. */
  readonly connect: (role?: string, database?: string) => Promise<Db>;
  /**
   * Returns if the answer is yes or --yes was given. The outline is what the question is about: it is left out with
   * --json, and with --quiet where the answer is given. Throws DECLINED, NO_TERMINAL or INTERRUPTED.
   */
  readonly confirm: (question: string, outline?: string) => Promise<void>;
}

interface Parts {
  readonly args: readonly string[];
  readonly surroundings: Surroundings;
  readonly options: Options;
  readonly target: Target;
  readonly report: Report;
  readonly interrupt: Interrupt;
}

export function createContext(parts: Parts): CommandContext {
  const { args, surroundings, options, target: initial, report, interrupt } = parts;
  let target = initial;

  async function open(role: string, database = target.database): Promise<Db> {
    const { connect } = await import("../db/connect.ts");
    try {
      return await connect({ ...target, database }, role);
    } catch (error) {
      if (!wantsPassword(error, target) || !canAsk(options, surroundings)) throw error;
      const password = await askPassword(describeTarget(target), surroundings);
      report.keepSecret(password);
      target = { ...target, password };
      return connect({ ...target, database }, role);
    }
  }

  // Connections are opened one after the other, so that the password is asked for only once.
  let last: Promise<unknown> = Promise.resolve();

  return {
    args,
    cwd: surroundings.cwd,
    options,
    get target() {
      return target;
    },
    connect(role = "main", database) {
      const db = last.then(() => open(role, database));
      last = db.catch(() => {});
      return options.verbose ? traceInto(db, role, report) : db;
    },
    out: report,
    async confirm(question, outline) {
      if (outline !== undefined && !options.json) {
        if (options.yes) report.note(outline);
        else report.warning(outline);
      }
      await confirm(question, options, surroundings);
    },
    interrupt,
  };
}

// --- internal ---

const isLoginRefused = serverErrorNamed("ER_ACCESS_DENIED_ERROR");

/** No password was given, and the server says that this account has one. */
function wantsPassword(error: unknown, target: Target): boolean {
  if (!(error instanceof MigrateError) || target.password !== undefined) return false;
  const { cause } = error;
  return isLoginRefused(cause);
}

async function traceInto(db: Promise<Db>, role: string, out: Output): Promise<Db> {
  const { traced } = await import("../db/traced.ts");
  return traced(await db, role, (line) => out.warning(line));
}
