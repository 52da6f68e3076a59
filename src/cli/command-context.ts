import { type Db, type Target, describeTarget } from "../db/db.ts";
import { nodeName } from "../db/node-targets.ts";
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
  /** Other nodes that --node names. */
  readonly nodes: readonly Target[];
  /** A session on one of them; the caller disposes of it. */
  readonly connectNode: (node: Target) => Promise<Db>;
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
  readonly nodes: readonly Target[];
  readonly report: Report;
  readonly interrupt: Interrupt;
}

export function createContext(parts: Parts): CommandContext {
  const { args, surroundings, options, target: initial, nodes, report, interrupt } = parts;
  let target = initial;

  // Nodes are connected to at the same time; a person is asked one question at a time.
  let asked: Promise<unknown> = Promise.resolve();
  function ask(wanted: Target): Promise<string> {
    const answer = asked.then(() => askPassword(describeTarget(wanted), surroundings));
    asked = answer.catch(() => {});
    return answer;
  }

  /** Asks for the password if the server wants one; `know` is told it. */
  async function open(wanted: Target, role: string, know: (password: string) => void): Promise<Db> {
    const { connect } = await import("../db/connect.ts");
    try {
      return await connect(wanted, role);
    } catch (error) {
      if (!wantsPassword(error, wanted) || !canAsk(options, surroundings)) throw error;
      const password = await ask(wanted);
      report.keepSecret(password);
      know(password);
      return connect({ ...wanted, password }, role);
    }
  }

  const openMain = (role: string, database = target.database) =>
    open({ ...target, database }, role, (password) => {
      target = { ...target, password };
    });

  /** The account of the target has its password on every node. */
  function openNode(node: Target): Promise<Db> {
    const { password } = node.user === target.user ? target : node;
    return open(password === undefined ? node : { password, ...node }, "node", () => {});
  }

  // Connections to the target are opened one after the other, so that its password is asked for only once.
  let last: Promise<unknown> = Promise.resolve();
  function inTurn(opening: () => Promise<Db>): Promise<Db> {
    const db = last.then(opening);
    last = db.catch(() => {});
    return db;
  }

  const shown = (db: Promise<Db>, role: string) => (options.verbose ? traceInto(db, role, report) : db);

  return {
    args,
    cwd: surroundings.cwd,
    options,
    get target() {
      return target;
    },
    nodes,
    connectNode: (node) => shown(openNode(node), nodeName(node)),
    connect: (role = "main", database) =>
      shown(
        inTurn(() => openMain(role, database)),
        role,
      ),
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
