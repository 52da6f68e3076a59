import type { Caller } from "../../documents/caller.ts";
import { formatNotice } from "../../documents/format-notice.ts";
import type { UpResult } from "../../migrate/up.ts";
import { plural } from "../../plural.ts";
import type { Paint } from "../output.ts";
import { heading } from "./heading.ts";
import { countKinds } from "./repeatables.ts";

export function upText(
  { before, recorded, repeatables, verification }: UpResult,
  paint: Paint,
  caller: Caller,
): string {
  const lines = [heading(before, paint), ""];
  lines.push(
    recorded.length + repeatables.length === 0
      ? `${paint("green", "up to date")}: nothing was pending, the schema was not changed`
      : `${paint("green", "done")}: ${[...(recorded.length === 0 ? [] : [plural(recorded.length, "migration")]), ...countKinds(repeatables)].join(", ")} recorded; the schema is as the migrations describe it`,
  );
  for (const each of verification.notVisible) lines.push(`${paint("yellow", "not visible")}  ${each}`);
  for (const notice of verification.notices) lines.push(`${paint("cyan", "noted")}  ${formatNotice(notice, caller)}`);
  return lines.join("\n");
}
