import { type Target, describeServer } from "../../db/db.ts";
import type { Provisioned } from "../../provision/provision.ts";
import type { Removed } from "../../provision/remove.ts";
import type { Paint } from "../output.ts";
import { columns } from "./columns.ts";

export function provisionQuestion(names: readonly string[], target: Target): string {
  const whose = names.length === 1 ? "Its" : "Their";
  return `Replace ${names.join(", ")} on ${describeServer(target)}? ${whose} content differs from what you ask for now; the old content is lost.`;
}

export function provisionText({ databases, server }: Provisioned, paint: Paint): string {
  const rows = [
    ...databases.map(({ name, treatment, url }) => [paint("bold", name), url, treatment]),
    ...databases.slice(0, 1).map(({ name }) => ["reset", `CALL ispyb_sandbox.reset('${name}')`]),
  ];
  return [server, ...columns(rows)].join("\n");
}

export function removeQuestion(names: readonly string[], target: Target): string {
  return `Drop ${names.join(", ")} on ${describeServer(target)}, with their accounts?`;
}

export function removedText({ isMarkGone, names }: Removed, target: Target): string {
  if (names.length === 0) return `${describeServer(target)} has no test database with a name like ${target.database}_1`;
  return [`dropped ${names.join(", ")}`, ...(isMarkGone ? ["nothing of this tool is left on the server"] : [])].join(
    "\n",
  );
}
