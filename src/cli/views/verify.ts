import type { Verification } from "../../migrate/verify.ts";
import type { Survey } from "../../plan/read-plan.ts";
import type { Paint } from "../output.ts";
import { heading, serverJson } from "./heading.ts";
import { plural } from "./paint.ts";
import { butSkipped } from "./repeatables.ts";

export function verifyText(found: Survey, { differences, notices, notUnderstood }: Verification, paint: Paint): string {
  const lines = [heading(found, paint), ""];
  for (const { migration, what, repair } of differences) {
    lines.push(`${paint("red", "different")}  ${what}`, `  ${paint("dim", migration)}`);
    const mend = repair.length === 0 ? ["by hand: no statement can decide this"] : repair;
    const printed = mend.flatMap((statement) => statement.split("\n"));
    lines.push(...printed.map((line, at) => `  ${at === 0 ? "mend" : "    "}  ${line}`));
  }
  for (const each of notUnderstood) lines.push(`${paint("yellow", "not understood")}  ${each}`);
  for (const notice of notices) lines.push(`${paint("cyan", "noted")}  ${notice}`);
  if (differences.length + notices.length + notUnderstood.length > 0) lines.push("");
  lines.push(
    differences.length === 0
      ? `${paint("green", "equal")}: everything that ${plural(found.migrations.length, "migration")} describe is there${butSkipped(found)}`
      : paint("red", plural(differences.length, "difference")),
  );
  return lines.join("\n");
}

export function verifyJson(found: Survey, { differences, notices, notUnderstood }: Verification) {
  return { ...serverJson(found), equal: differences.length === 0, differences, notices, notUnderstood };
}
