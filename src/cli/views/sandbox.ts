import type { Caller } from "../../documents/caller.ts";
import { formatHint } from "../../documents/format-hint.ts";
import { hint } from "../../hint.ts";
import type { Description } from "../../sandbox/description.ts";
import type { Paint } from "../output.ts";
import { columns } from "./columns.ts";

/** A sandbox that has just been started. */
export function sandboxText(sandbox: Description, isDetached: boolean, paint: Paint, caller: Caller): string {
  const { databases, server, socket } = sandbox;
  const rows = [
    ...databases.map(({ name, url }) => [paint("bold", name), url]),
    ["admin", sandbox.admin.url],
    ...(socket === undefined ? [] : [["socket", socket]]),
    ["reset", `CALL ispyb_sandbox.reset('${databases[0].name}')`],
    ["end", isDetached ? formatHint(hint("sandbox", { args: ["stop", sandbox.id] }), caller) : "Ctrl-C"],
  ];
  return [server, ...columns(rows)].join("\n");
}

/** All sandboxes of this account, one line each. */
export function sandboxListText(sandboxes: readonly Description[], paint: Paint): string {
  if (sandboxes.length === 0) return "no sandbox is running";
  return columns(
    sandboxes.map(({ databases, id, server, started }) => [
      paint("bold", id),
      `since ${started}`,
      server,
      databases.map(({ url }) => url).join(" "),
    ]),
  ).join("\n");
}
