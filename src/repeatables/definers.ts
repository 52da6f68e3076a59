/** The accounts that procedures run as: before and after an `up`, and what they lack. */
import { formatDefiner, parseDefiner } from "../access/account.ts";
import type { Need } from "../access/definer-rights.ts";
import { listed } from "../plural.ts";
import { objectOf } from "../state/repeatable-names.ts";
import { type PlannedRepeatable, isRepeatableDue } from "./repeatable.ts";
import type { RunsAs } from "./runs-as.ts";

/** Procedures that an `up` writes, by the account that they run as before and after. */
export interface DefinerChange extends Pick<RunsAs, "before" | "isGone" | "after"> {
  readonly isNew: boolean;
  readonly procedures: readonly string[];
}

export interface Powerless {
  readonly account: string;
  readonly lacks: readonly Need[];
  readonly grant: string;
  readonly procedures: readonly string[];
}

export function definerChanges(repeatables: readonly PlannedRepeatable[], repair: boolean): DefinerChange[] {
  const due = runningIn(repeatables.filter((each) => isRepeatableDue(each, repair) && each.live.state !== "present"));
  // What exists comes first.
  const sorted = due.toSorted((a, b) => Number(a.isNew) - Number(b.isNew));
  const groups = Map.groupBy(sorted, ({ before, after, isNew }) => `${isNew} ${before ?? ""} ${after}`);
  return [...groups.values()].flatMap((list) => {
    const [first] = list;
    if (first === undefined) return [];
    const { before, isGone, after, isNew } = first;
    return [
      {
        ...(before === undefined ? {} : { before }),
        isGone,
        after,
        isNew,
        procedures: list.map(({ procedure }) => procedure),
      },
    ];
  });
}

/** The accounts that lack something for procedures which are not skipped. */
export function powerlessDefiners(repeatables: readonly PlannedRepeatable[]): Powerless[] {
  const lacking = runningIn(repeatables).filter(({ lacks }) => lacks.length > 0);
  return [...Map.groupBy(lacking, ({ after }) => after)].map(([account, list]) => ({
    account,
    lacks: [...new Map(list.flatMap(({ lacks }) => lacks).map((need) => [JSON.stringify(need), need])).values()],
    grant: list.find(({ grant }) => grant !== undefined)?.grant ?? "",
    procedures: list.map(({ procedure }) => procedure),
  }));
}

/** The same for procedures that have the wanted form: their calls fail now. */
export function powerlessNow(repeatables: readonly PlannedRepeatable[]): Powerless[] {
  return powerlessDefiners(repeatables.filter(({ live }) => live.state === "present"));
}

/** The accounts of which this account cannot see whether they may do what the procedures need. */
export function unseenDefiners(repeatables: readonly PlannedRepeatable[]): string[] {
  return [...new Set(runningIn(repeatables).flatMap(({ isUnseen, after }) => (isUnseen ? [after] : [])))];
}

/** "keeper@% lacks INSERT on ProcessingJob; EXECUTE on 21 procedures" */
export function formatPowerless({ account, lacks }: Pick<Powerless, "account" | "lacks">): string {
  const parts = [...Map.groupBy(lacks, ({ privilege }) => privilege)].map(([privilege, needs]) => {
    const tables = needs.flatMap(({ on }) => ("table" in on ? [on.table] : []));
    const procedures = needs.flatMap(({ on }) => ("procedure" in on ? [on.procedure] : []));
    return `${privilege} on ${[...few(tables, "tables"), ...few(procedures, "procedures")].join(", ")}`;
  });
  return `${account} lacks ${parts.join("; ")}`;
}

/**
 * The statement after which an account cannot log in, and its procedures go on; undefined for an administrator's, and on a
 * server that checks no privileges.
 */
export function closingOf(account: string): string | undefined {
  return ["root", ""].includes(parseDefiner(account).user)
    ? undefined
    : `ALTER USER ${formatDefiner(account)} ACCOUNT LOCK;`;
}

// --- internal ---

function runningIn(repeatables: readonly PlannedRepeatable[]) {
  return repeatables.flatMap(({ live, name, runsAs, state }) =>
    runsAs === undefined || state === "skipped"
      ? []
      : [{ ...runsAs, isNew: live.state !== "different", procedure: objectOf(name) }],
  );
}

function few(names: readonly string[], what: string): string[] {
  if (names.length === 0) return [];
  return [names.length > 3 ? `${names.length} ${what}` : listed(names)];
}
