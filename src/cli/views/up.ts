import type { UpResult } from "../../migrate/up.ts";
import type { Paint } from "../output.ts";
import { heading, serverJson } from "./heading.ts";
import { plural } from "./paint.ts";

export function upText({ before, recorded, verification }: UpResult, paint: Paint): string {
  const lines = [heading(before, paint), ""];
  lines.push(
    recorded.length === 0
      ? `${paint("green", "up to date")}: nothing was owed, nothing was changed`
      : `${paint("green", "done")}: ${plural(recorded.length, "migration")} recorded, the schema is verified`,
  );
  for (const notice of verification.notices) lines.push(`${paint("cyan", "noted")}  ${notice}`);
  return lines.join("\n");
}

export function upJson({ before, recorded, verification }: UpResult) {
  return { ...serverJson(before), recorded, notices: verification.notices };
}
