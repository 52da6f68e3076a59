/** Compares the live schema with what the migrations describe: every step, recorded or not; and other nodes with this one. */
import type { NotVisible } from "../access/not-visible.ts";
import { notVisible } from "../access/held-by.ts";
import { formatDifference } from "../catalog/difference.ts";
import { errorNumbers } from "../db/error-numbers.ts";
import { type Hint, type Next, hint, withNote } from "../hint.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { type Plan, factsOfPlan } from "../plan/read-plan.ts";
import { plainUp } from "../plan/up-command.ts";
import { unknownIn } from "../plan/unknown.ts";
import { workingUp } from "../plan/working-up.ts";
import { historyChanges } from "../preflight/history.ts";
import { waysOut } from "../preflight/unknown.ts";
import { plural } from "../plural.ts";
import { type Powerless, formatPowerless, powerlessNow, unseenDefiners } from "../repeatables/definers.ts";
import type { PlannedRepeatable } from "../repeatables/repeatable.ts";
import { missing } from "../steps/index.ts";
import { scriptOf, strictly } from "../steps/script-of-statement.ts";
import { eachOnce, followsColumn } from "./each-once.ts";
import type { Finding, Found } from "./finding.ts";
import type { ComparedNode } from "./nodes/compare-node.ts";
import { type Comparison, noNodes } from "./nodes/compare-nodes.ts";
import { otherMembers } from "./nodes/other-members.ts";
import { type Notice, noticesOf, skippedNotices } from "./notices.ts";

export interface Verification {
  readonly differences: readonly Finding[];
  /** The facility's own additions, allowed differences, what is skipped, and nodes that were not looked at. */
  readonly notices: readonly Notice[];
  /** What this account cannot see: neither equal nor different. */
  readonly notVisible: readonly NotVisible[];
  /** The other nodes that were compared. */
  readonly nodes: readonly ComparedNode[];
}

export function verify(plan: Plan, { nodes, notVisible: onNodes }: Comparison = noNodes): Verification {
  const steps = plan.migrations
    // What an edited file says was never applied: its own difference is reported, with both ways out.
    .filter((each) => each.state !== "skipped" && each.state !== "edited")
    .flatMap(({ migration, entry, steps: each }) =>
      each.map((step) => ({ name: migration.name, applied: entry !== undefined, step })),
    );
  const working = workingUp(plan) ?? hint("plan", { note: "shows what to do before the next `up`" });
  const history = historyChanges(plan).map(({ name, what, fixes }) => ({
    name,
    what: `${name}: ${what}`,
    repair: fixes,
  }));
  const cutOff = unknownIn(plan);
  const unknown = cutOff.map(({ migration, title }) => ({
    name: migration,
    what: `a run was cut off, and nothing shows whether it did this: ${title}`,
    repair: waysOut(migration),
  }));
  const all = steps
    .filter(({ step }) => !cutOff.some((each) => each === step))
    .flatMap(({ name, applied, step }) => findings(name, applied, step, working));
  const ofSteps = eachOnce(all);
  // A procedure that lacks a column, or follows it, is not reported: the column is.
  const repeatables = plan.repeatables.filter(
    (each) => (each.state !== "impossible" || ofSteps.length === 0) && !followsColumn(each, plan, ofSteps),
  );
  return {
    differences: [
      ...history,
      ...unknown,
      ...ofSteps,
      ...repeatables.flatMap((each) => repeatableFindings(each, working, skippingUnfit(plan))),
      ...powerlessNow(plan.repeatables).map(powerlessFinding),
      ...nodes.flatMap((each) => each.differences),
    ],
    notices: [
      ...noticesOf(
        steps.flatMap(({ step: { verdict } }) => (verdict.state === "absent" ? [] : verdict.notices)),
        factsOfPlan(plan),
      ),
      ...skippedNotices(plan),
      ...nodes.flatMap((each) => each.notices),
      ...otherMembers(
        plan.server,
        nodes.map(({ server }) => server),
      ),
    ],
    notVisible: [...notVisibleIn(plan), ...onNodes, ...nodes.flatMap((each) => each.notVisible)],
    nodes,
  };
}

/** What this account cannot see of this plan, each problem once. */
export function notVisibleIn({ repeatables, server }: Pick<Plan, "repeatables" | "server">): NotVisible[] {
  const { account, dialect } = server;
  const definers = unseenDefiners(repeatables).map((definer) =>
    notVisible(
      `this account cannot see whether ${definer}, as which procedures run, may do what they do`,
      account,
      dialect,
    ),
  );
  return [...new Map([...repeatables.flatMap(unseen), ...definers].map((each) => [each.problem, each])).values()];
}

function findings(name: string, applied: boolean, step: PlannedStep, working: Hint): Found[] {
  const { verdict, statement } = step;
  if (verdict.state === "present") return [];
  if (verdict.state === "absent") {
    // A step that is joined to another has no statement of its own.
    const repair = statement === undefined || !applied ? [working] : scriptOf(statement);
    return missing(step.step, verdict).map((what) => ({ name, what, repair }));
  }
  return verdict.conflicts.map(({ difference, add, advice = [], change }) => {
    // A foreign table with our name is not ours to change.
    const what = formatDifference(difference);
    if (add !== undefined) return { name, what, difference, repair: scriptOf(add) };
    const statements = advice.every((text) => text.startsWith("ALTER TABLE")) ? advice : [];
    return {
      name,
      what,
      difference,
      repair:
        applied && change !== undefined
          ? ["-- at a quiet time: may copy the table and block its writers", ...strictly(scriptOf(change))]
          : statements,
    };
  });
}

function repeatableFindings({ name, live, state, title }: PlannedRepeatable, working: Hint, skipping: Next): Finding[] {
  if (state === "skipped") return [];
  if (live.state === "impossible") return [{ name, what: `${title} ${live.problem}`, repair: [skipping] }];
  if (!("change" in live)) return [];
  const what = live.differences.map(formatDifference);
  return (what.length === 0 ? [`the last change of ${title} was not finished`] : what).map((each) => ({
    name,
    what: each,
    repair: [working],
  }));
}

function powerlessFinding({ account, grant, lacks, procedures }: Powerless): Finding {
  const { ER_PROCACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR } = errorNumbers;
  const isRefused = lacks.some(({ privilege }) => privilege === "EXECUTE");
  const number = isRefused ? ER_PROCACCESS_DENIED_ERROR : ER_TABLEACCESS_DENIED_ERROR;
  const running = `${plural(procedures.length, "procedure")} ${procedures.length === 1 ? "runs" : "run"} as ${account}`;
  return {
    name: "procedures",
    what: `${running}, and calls fail (${number}): ${formatPowerless({ account, lacks })}`,
    repair: [grant],
  };
}

/** The `up` that skips every procedure that lacks a column: a skip of one of them is refused for the others. */
function skippingUnfit(plan: Plan): Next {
  const unfit = plan.repeatables.filter(({ state }) => state === "impossible").map(({ name }) => name);
  const others = plan.repeatables.filter(({ state }) => state !== "impossible");
  const request = { ...plainUp, skip: { names: unfit, reason: "WHY" } };
  const skipping = workingUp({ ...plan, repeatables: others }, request);
  return skipping === undefined ? hint("plan") : withNote(skipping, "if the column will not come back");
}

function unseen({ live, state }: PlannedRepeatable): NotVisible[] {
  return live.state === "hidden" && state !== "skipped" ? [{ problem: live.problem, next: live.next }] : [];
}
