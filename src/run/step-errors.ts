/** The errors of one step. */
import { formatDifference } from "../catalog/difference.ts";
import { type ServerError, isConnectionLost, isNodeNotReady } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, hint, withNote } from "../hint.ts";
import type { Statement, Verdict } from "../steps/contract.ts";
import { remediesFor } from "./remedies.ts";
import type { Run } from "./run.ts";

/** True for both directions. */
export const before = "the steps before this one are done and stay done";

export function changedUnderneath(where: string, verdict: Extract<Verdict, { state: "conflict" }>): MigrateError {
  return new MigrateError("CONFLICT", "the schema was changed by another session since the plan was made", {
    where,
    found: verdict.conflicts.map((conflict) => formatDifference(conflict.difference)),
    done: `${before}; this step was not begun`,
    next: hint("plan"),
  });
}

export function effectMissing(where: string, verdict: Verdict): MigrateError {
  const problems =
    verdict.state === "conflict"
      ? verdict.conflicts.map((conflict) => formatDifference(conflict.difference))
      : ["its object or value is still missing in the schema"];
  return new MigrateError("VERIFY_FAILED", "the statement succeeded, but the schema does not show its effect", {
    where,
    found: problems,
    done: `${before}; this step stays recorded as not finished ("intended")`,
    next: hint("plan"),
  });
}

/** It is unknown whether the statement had an effect: the server finishes it without its client. */
function lost(retry: Hint, where: string, cause: ServerError, statement: Statement): MigrateError {
  return new MigrateError("UNREACHABLE", `the connection was lost while a statement was running: ${cause.message}`, {
    where,
    found: `error ${cause.code} (${cause.sqlState}) for: ${statement.sql}`,
    done: `${before}; it is unknown whether this step is done, and the server may still be working on it`,
    next: withNote(retry, "waits for the server to finish, reads the schema, and continues"),
    cause,
  });
}

/** The node takes no statement before it is part of its cluster again. */
function cutOff(retry: Hint, where: string, cause: ServerError, statement: Statement): MigrateError {
  return new MigrateError("UNREACHABLE", "this node has lost its cluster, and takes no statements now", {
    where,
    found: `error ${cause.code} (${cause.sqlState}) for: ${statement.sql}`,
    done: `${before}; this statement had no effect`,
    next: [
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_local_state_comment');   -- on this node",
      withNote(retry, "continues with this step, once the node is Primary and Synced; or with --url of another node"),
    ],
    cause,
  });
}

export function refused({ retry }: Run, where: string, statement: Statement, cause: ServerError): MigrateError {
  // A guard would narrow `cause` to nothing in what follows.
  const isLost: boolean = isConnectionLost(cause);
  if (isLost) return lost(retry, where, cause, statement);
  const isCutOff: boolean = isNodeNotReady(cause);
  if (isCutOff) return cutOff(retry, where, cause, statement);
  return new MigrateError("STATEMENT_FAILED", `the server refused a statement: ${cause.message}`, {
    where,
    found: `error ${cause.code} (${cause.sqlState}) for: ${statement.sql}`,
    done: `${before}; this statement had no effect`,
    next: [...remediesFor(cause, statement), withNote(retry, "afterwards: continues with this step")],
    cause,
  });
}
