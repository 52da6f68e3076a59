import type { Server } from "../../catalog/server.ts";
import { hint } from "../../hint.ts";
import { listed, plural } from "../../plural.ts";
import type { Notice } from "../notices.ts";

/** What to write for a node whose address is not told. */
const UNKNOWN = "HOST:3306";

/** The members of this cluster that this command did not look at, with the command that does; none on a single server. */
export function otherMembers({ identity, member }: Server, looked: readonly Server[]): Notice[] {
  if (member === undefined) return [];
  const ofCluster = looked.filter((other) => other.identity === identity);
  const seen = new Set([member, ...ofCluster.map((other) => other.member)].map((each) => each?.index));
  const others = member.addresses.filter((_, at) => !seen.has(at));
  if (others.length === 0) return [];
  const known = others.filter((address) => address !== "");
  const unknown = others.length - known.length;
  const named = [...known, ...(unknown === 0 ? [] : [`${unknown} whose address the cluster does not tell`])];
  const node = others.map((address) => `mysql://${address === "" ? UNKNOWN : address}`);
  const note = others.length === 1 ? "looks at it" : "looks at them";
  return [
    {
      what: `not looked at: ${plural(others.length, "other node")} of the cluster, ${listed(named)}`,
      hint: hint("verify", { options: { node }, note }),
    },
  ];
}
