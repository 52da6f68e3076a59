import type { UpResult } from "../../migrate/up.ts";
import { plural } from "../../plural.ts";
import type { Paint } from "../output.ts";
import { heading, serverJson } from "./heading.ts";
import { formatNotice } from "./notices.ts";
import { countKinds } from "./repeatables.ts";

export function upText({ before, recorded, repeated, verification }: UpResult, paint: Paint, program: string): string {
  const lines = [heading(before, paint), ""];
  lines.push(
    recorded.length + repeated.length === 0
      ? `${paint("green", "up to date")}: nothing was owed, nothing was changed`
      : `${paint("green", "done")}: ${[...(recorded.length === 0 ? [] : [plural(recorded.length, "migration")]), ...countKinds(repeated)].join(", ")} recorded, the schema is verified`,
  );
  for (const each of verification.notUnderstood) lines.push(`${paint("yellow", "not understood")}  ${each}`);
  for (const notice of verification.notices) lines.push(`${paint("cyan", "noted")}  ${formatNotice(notice, program)}`);
  return lines.join("\n");
}

export function upJson({ before, recorded, repeated, verification }: UpResult, program: string) {
  const { notUnderstood } = verification;
  const notices = verification.notices.map((notice) => formatNotice(notice, program));
  return { ...serverJson(before), recorded, repeated, notices, notUnderstood };
}
