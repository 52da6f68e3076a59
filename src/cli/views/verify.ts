import type { Caller } from "../../documents/caller.ts";
import { formatNext } from "../../documents/format-hint.ts";
import { formatNotice } from "../../documents/format-notice.ts";
import type { Verification } from "../../migrate/verify.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { plural } from "../../plural.ts";
import type { Paint } from "../output.ts";
import { heading } from "./heading.ts";
import { withoutSkipped } from "./repeatables.ts";

export function verifyText(
  plan: Plan,
  { differences, notices, notVisible }: Verification,
  paint: Paint,
  caller: Caller,
): string {
  const lines = [heading(plan, paint), ""];
  for (const { name, what, repair } of differences) {
    lines.push(`${paint("red", "different")}  ${what}`, `  ${paint("dim", name)}`);
    const fix =
      repair.length === 0
        ? ["by hand: no single statement fixes this"]
        : repair.map((each) => formatNext(each, caller));
    const printed = fix.flatMap((statement) => statement.split("\n"));
    lines.push(...printed.map((line, at) => `  ${at === 0 ? "fix" : "   "}  ${line}`));
  }
  for (const each of notVisible) lines.push(`${paint("yellow", "not visible")}  ${each}`);
  for (const notice of notices) lines.push(`${paint("cyan", "noted")}  ${formatNotice(notice, caller)}`);
  if (differences.length + notices.length + notVisible.length > 0) lines.push("");
  lines.push(
    differences.length === 0
      ? `${paint("green", "equal")}: the schema is as the migrations describe it: ${plural(plan.migrations.length, "migration")}${withoutSkipped(plan)}`
      : paint("red", plural(differences.length, "difference")),
  );
  return lines.join("\n");
}
