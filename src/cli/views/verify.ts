import type { Caller } from "../../documents/caller.ts";
import { formatNext } from "../../documents/format-hint.ts";
import { formatNotice } from "../../documents/format-notice.ts";
import type { Notice } from "../../migrate/notices.ts";
import type { Finding } from "../../migrate/finding.ts";
import type { ComparedNode } from "../../migrate/nodes/compare-node.ts";
import type { Verification } from "../../migrate/verify.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { listed, plural } from "../../plural.ts";
import type { Paint } from "../output.ts";
import { asFarAsSeen } from "./attention.ts";
import { heading } from "./heading.ts";
import { indent } from "./paint.ts";
import { withoutSkipped } from "./repeatables.ts";

export function verifyText(
  plan: Plan,
  { differences, nodes, notices, notVisible }: Verification,
  paint: Paint,
  caller: Caller,
): string {
  const lines = [
    heading(plan, paint),
    "",
    ...withCommonFix(differences, caller).flatMap((each) => [...blockLines(each, paint), ""]),
    ...noticeLines({ notices, notVisible }, paint, caller),
  ];
  if (notices.length + notVisible.length > 0) lines.push("");
  lines.push(
    differences.length === 0
      ? `${paint("green", `equal${asFarAsSeen(notVisible)}`)}: the schema is as ${described(plan)} it${exceptAllowed(notices)}${withoutSkipped(plan)}${likeIt(nodes)}`
      : paint("red", plural(differences.length, "difference")),
  );
  return lines.join("\n");
}

/** ", except for 2 allowed differences": `up` leaves them as they are, and clients work with them. */
export function exceptAllowed(notices: readonly Notice[]): string {
  const allowed = notices.filter(({ allowed: is }) => is === true).length;
  return allowed === 0 ? "" : `, except for ${plural(allowed, "allowed difference")}`;
}

/** What is not visible, with the statement that shows it below; allowed differences; skips. */
export function noticeLines(
  { notices, notVisible }: Pick<Verification, "notices" | "notVisible">,
  paint: Paint,
  caller: Caller,
): string[] {
  return [
    ...[...Map.groupBy(notVisible, ({ next }) => next)].flatMap(([next, problems]) => [
      ...problems.map(({ problem }) => `${paint("yellow", "not visible")}  ${problem}`),
      indent(next, 13),
    ]),
    ...notices.map((notice) => {
      const label = notice.allowed === true ? "allowed" : "noted";
      return `${paint("cyan", label)}  ${formatNotice(notice, caller)}`;
    }),
  ];
}

// --- internal ---

/** "; and so is db2:3306", once they were compared. */
function likeIt(nodes: readonly ComparedNode[]): string {
  if (nodes.length === 0) return "";
  return `; ${listed(nodes.map(({ name }) => name))} ${nodes.length === 1 ? "is" : "are"} equal to it`;
}

function described({ migrations }: Plan): string {
  const count = migrations.filter(({ state }) => state !== "skipped").length;
  return `${plural(count, "migration")} ${count === 1 ? "describes" : "describe"}`;
}

/** Neighbours with the same fix: before the first `up`, nearly everything. */
interface Block {
  readonly fix: string;
  readonly differences: Finding[];
}

function withCommonFix(differences: readonly Finding[], caller: Caller): Block[] {
  const blocks: Block[] = [];
  for (const each of differences) {
    const fix = fixOf(each, caller);
    const last = blocks.at(-1);
    if (last?.fix === fix) last.differences.push(each);
    else blocks.push({ fix, differences: [each] });
  }
  return blocks;
}

/** The differences below the names of what they are about, then the one fix for all of them. */
function blockLines({ fix, differences }: Block, paint: Paint): string[] {
  const subject = (each: Finding | undefined) => each?.node ?? each?.name;
  const named = differences.flatMap((each, at) => [
    ...(subject(differences[at - 1]) === subject(each) ? [] : [subject(each) ?? ""]),
    `  ${paint("red", "different")}  ${each.what}`,
  ]);
  const label = differences.length === 1 ? "  fix      " : `fix for these ${differences.length}`;
  const margin = " ".repeat(label.length);
  return [...named, ...fix.split("\n").map((line, at) => `${at === 0 ? label : margin}  ${line}`)];
}

function fixOf({ repair }: Finding, caller: Caller): string {
  if (repair.length === 0) return "change it by hand: no single statement fixes this";
  return repair.map((each) => formatNext(each, caller)).join("\n");
}
