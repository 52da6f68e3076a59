import type { Caller } from "../../documents/caller.ts";
import { formatNext } from "../../documents/format-hint.ts";
import { formatNotice } from "../../documents/format-notice.ts";
import type { Next } from "../../hint.ts";
import type { Verification } from "../../migrate/verify.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { plural } from "../../plural.ts";
import type { Paint } from "../output.ts";
import { asFarAsSeen } from "./attention.ts";
import { heading } from "./heading.ts";
import { withoutSkipped } from "./repeatables.ts";

export function verifyText(
  plan: Plan,
  { differences, notices, notVisible }: Verification,
  paint: Paint,
  caller: Caller,
): string {
  const lines = [heading(plan, paint), ""];
  for (const [at, { name, what, repair }] of differences.entries()) {
    lines.push(`${paint("red", "different")}  ${what}`);
    const [fix, next] = [repair, differences[at + 1]?.repair].map((each) => each && fixLines(each, caller).join("\n"));
    // One name and one fix for all that have them in common: before the first `up` nearly everything is missing.
    if (next !== fix || differences[at + 1]?.name !== name) lines.push(`  ${paint("dim", name)}`);
    if (next !== fix) lines.push(fix ?? "");
  }
  lines.push(...noticeLines({ notices, notVisible }, paint, caller));
  if (differences.length + notices.length + notVisible.length > 0) lines.push("");
  lines.push(
    differences.length === 0
      ? `${paint("green", `equal${asFarAsSeen(notVisible)}`)}: the schema is as ${described(plan)} it${withoutSkipped(plan)}`
      : paint("red", plural(differences.length, "difference")),
  );
  return lines.join("\n");
}

/** What is not visible, with the statement that shows it below; differences that are left; skips. */
export function noticeLines(
  { notices, notVisible }: Pick<Verification, "notices" | "notVisible">,
  paint: Paint,
  caller: Caller,
): string[] {
  return [
    ...[...Map.groupBy(notVisible, ({ next }) => next)].flatMap(([next, problems]) => [
      ...problems.map(({ problem }) => `${paint("yellow", "not visible")}  ${problem}`),
      `             ${next}`,
    ]),
    ...notices.map((notice) => {
      const label = notice.accepted === true ? "left as it is" : "noted";
      return `${paint("cyan", label)}  ${formatNotice(notice, caller)}`;
    }),
  ];
}

// --- internal ---

function described({ migrations }: Plan): string {
  const count = migrations.filter(({ state }) => state !== "skipped").length;
  return `${plural(count, "migration")} ${count === 1 ? "describes" : "describe"}`;
}

function fixLines(repair: readonly Next[], caller: Caller): string[] {
  const fix =
    repair.length === 0
      ? ["change it by hand: no single statement fixes this"]
      : repair.map((each) => formatNext(each, caller));
  return fix.flatMap((each) => each.split("\n")).map((line, at) => `  ${at === 0 ? "fix" : "   "}  ${line}`);
}
