/** One facility, one `up`, one more, one `down`: what came of it, and what should not have. */
import { connect } from "../../../src/db/connect.ts";
import { MigrateError, asList, messageOf } from "../../../src/errors.ts";
import { verify } from "../../../src/migrate/verify.ts";
import { loadMigrations } from "../../../src/plan/load-migrations.ts";
import { readPlan } from "../../../src/plan/read-plan.ts";
import { loadProcedures } from "../../../src/repeatables/procedures/source.ts";
import type { TestDatabase } from "../../support/servers.ts";
import { takeDown, targetOf, upgrade } from "../../support/upgrade.ts";
import type { Facility } from "./facility.ts";
import { callAsClients } from "./clients.ts";
import { LOG, filled, holdingsOf, lostRows, lostWords } from "./kept.ts";
import { picture } from "./picture.ts";
import { reasonsOf } from "./reasons.ts";

type Picture = Readonly<Record<string, string>>;

export interface Judgement {
  readonly end: "adopted" | "refused";
  /** Of a refusal of `up`, or of a `down` afterwards: names of the list. */
  readonly reasons: readonly string[];
  /** What must not be: half-way, lost, refused without a reason. Empty if all is well. */
  readonly faults: readonly string[];
}

export async function judge({ db, start, whole, refused }: Facility): Promise<Judgement> {
  const before = await picture(db);
  const rows = await holdingsOf(db);
  const isHarmless = whole.every((change) => change.harmless) && refused.length === 0;
  const upping = await ended(() => upgrade(db));
  const after = await picture(db);
  if (upping.error !== undefined) {
    const { faults, known } = refusal("up", upping.error, changesOf(before, after));
    const harmless = faults.length === 0 && isHarmless ? [`harmless, and refused: ${sentencesOf(upping.error)}`] : [];
    return { end: "refused", reasons: known, faults: [...faults, ...harmless] };
  }
  const faults = [
    ...lostRows(rows, await holdingsOf(db, rows)).map((what) => `up: ${what}`),
    ...lostWords(before, after).map((what) => `up: ${what}`),
    ...(await differencesOf(db)).map((what) => `verify after up: ${what}`),
  ];
  const again = await ended(() => upgrade(db));
  if (again.error !== undefined) faults.push(`a second up: ${sentencesOf(again.error)}`);
  const second = changesOf(after, await picture(db));
  if (second.length > 0) faults.push(`a second up changed ${second.join(", ")}`);
  const down = await ended(() => takeDown(db));
  const end = await picture(db);
  if (down.error !== undefined) {
    const { faults: more, known } = refusal("down", down.error, changesOf(after, end));
    return { end: "adopted", reasons: known.map((name) => `down: ${name}`), faults: [...faults, ...more] };
  }
  const left = changesOf(undoable(before), undoable(end));
  faults.push(...left.map((what) => `down left ${what}: ${diff(undoable(before)[what], undoable(end)[what])}`));
  faults.push(...lostRows(rows, await holdingsOf(db, rows)).map((what) => `down: ${what}`));
  if (isHarmless && faults.length === 0 && start.withoutRows !== true) faults.push(...(await clientFaults(db)));
  return { end: "adopted", reasons: [], faults };
}

/** Clients write: they come last, after one more `up`. */
async function clientFaults(db: TestDatabase): Promise<string[]> {
  const { error } = await ended(async () => {
    await upgrade(db);
    await callAsClients(db);
  });
  return error === undefined ? [] : [`a client failed: ${sentencesOf(error)}`];
}

/** A refusal changes nothing, and its reasons are on the list. */
function refusal(what: string, error: unknown, changed: readonly string[]) {
  const said = sentencesOf(error);
  if (changed.length > 0)
    return { faults: [`${what} stopped half-way: ${said}; changed: ${changed.join(", ")}`], known: [] };
  if (!(error instanceof MigrateError)) return { faults: [`${what} failed: ${said}`], known: [] };
  const sentences = asList(error.details.found);
  const { known, unknown } = reasonsOf(error.code, sentences.length === 0 ? [error.message] : sentences);
  return { faults: unknown.map((each) => `${what}, a reason that is not on the list: ${each}`), known };
}

async function ended<T>(work: () => Promise<T>): Promise<{ readonly error?: unknown }> {
  try {
    await work();
    return {};
  } catch (error) {
    return { error };
  }
}

function sentencesOf(error: unknown): string {
  if (!(error instanceof MigrateError)) return `${error instanceof Error ? error.stack : messageOf(error)}`;
  const { found, cause } = error.details;
  return [`${error.code}: ${error.message}`, ...asList(found), ...(cause === undefined ? [] : [messageOf(cause)])].join(
    " | ",
  );
}

async function differencesOf(db: TestDatabase): Promise<string[]> {
  await using session = await connect(targetOf(db));
  const plan = await readPlan(session, await loadMigrations(), { procedures: await loadProcedures() });
  return verify(plan).differences.map(({ what }) => what);
}

function changesOf(before: Picture, after: Picture): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]);
}

/** Without what a `down` does not turn back: numbers given away, and NULLs that were filled. */
function undoable(whole: Picture): Picture {
  return Object.fromEntries(
    Object.entries(whole)
      .filter(
        ([name]) =>
          !name.startsWith("AUTO_INCREMENT of ") &&
          ![LOG, ...Object.keys(filled)].some((table) => name === `rows of ${table}`),
      )
      .map(([name, text]) => [name, text.replace(/ AUTO_INCREMENT=\d+/, "")]),
  );
}

/** From the first character that differs. */
function diff(one = "nothing", other = "nothing"): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const from = Math.max(0, at - 60);
  return `…${one.slice(from, at + 160)}… is now …${other.slice(from, at + 160)}…`;
}
