import type { Plan } from "../../plan/read-plan.ts";
import { replicationNote } from "../../run/replica.ts";
import { memberNote } from "../../run/synced.ts";
import type { Paint } from "../output.ts";

type Heading = Pick<Plan, "server"> & { readonly catalog: Pick<Plan["catalog"], "database"> };

/** Database, server and account: the first lines of every answer. */
export function heading({ server, catalog }: Heading, paint: Paint): string {
  const cluster = server.cluster ? ", a member of a Galera cluster" : "";
  const place = `${paint("bold", catalog.database)} on ${server.dialect.product}${cluster} (${server.node.split(" ")[0]}), as ${server.account}`;
  const untested = server.dialect.isTested ? [] : ["not tested: our test suite was not run on this server version"];
  const notes = [memberNote(server), replicationNote(server)].filter((note) => note !== undefined);
  return [place, ...untested, ...notes].join("\n");
}
