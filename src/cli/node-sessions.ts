/** The sessions of --node: each by itself, so that one node that fails hides nothing of the others. */
import { nodeName } from "../db/node-targets.ts";
import { MigrateError } from "../errors.ts";
import type { NodeFailure, NodeSession } from "../migrate/nodes/compare-nodes.ts";
import type { CommandContext } from "./command-context.ts";
import { toMigrateError } from "./failure.ts";

export interface NodeSessions extends AsyncDisposable {
  readonly sessions: readonly NodeSession[];
  readonly failures: readonly NodeFailure[];
}

export async function openNodes({
  connectNode,
  nodes,
}: Pick<CommandContext, "connectNode" | "nodes">): Promise<NodeSessions> {
  const sessions: NodeSession[] = [];
  const failures: NodeFailure[] = [];
  const opened = await Promise.allSettled(nodes.map(connectNode));
  for (const [at, node] of nodes.entries()) {
    const name = nodeName(node);
    const each = opened[at];
    if (each?.status === "fulfilled") sessions.push({ name, db: each.value });
    else failures.push({ name, error: each?.reason });
  }
  return {
    sessions,
    failures,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(sessions.map(({ db }) => db[Symbol.asyncDispose]()));
    },
  };
}

/** One error for all nodes that were not compared, under the code of the first; undefined if all were. */
export function notCompared(failures: readonly NodeFailure[]): MigrateError | undefined {
  const errors = failures.map(({ name, error }) => ({ name, error: toMigrateError(error) }));
  const [first] = errors;
  if (first === undefined) return undefined;
  if (errors.length === 1) {
    const { code, details, message } = first.error;
    return new MigrateError(code, `${first.name} was not compared: ${message}`, details);
  }
  return new MigrateError(first.error.code, `${errors.length} nodes were not compared`, {
    found: errors.map(({ error, name }) => `${name}: ${error.message}`),
    done: "nothing was changed",
    next: errors.flatMap(({ error: { details } }) => [details.next ?? []].flat()),
    cause: first.error,
  });
}
