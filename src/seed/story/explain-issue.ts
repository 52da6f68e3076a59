/** Explains what the schema refuses, and removes it from the story. */
import type { z } from "zod";
import type { KindName } from "./kind.ts";
import { kinds, sections } from "./kinds.ts";
import { type LooseStory, asMapping, moreMembers } from "./loose-story.ts";
import { type Path, type Problem, didYouMean, quoteValue } from "./problem.ts";

type Issue = z.core.$ZodIssue;

export function explain(issue: Issue): Problem[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  const name = String(path.at(-1) ?? "the story");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      text: `'${key}' is not allowed in ${oneAt(path) ?? "a story"}${didYouMean(key, membersAt(path))}`,
      onName: true,
    }));
  }
  if (issue.code === "invalid_key") {
    return [{ path, text: `${quoteValue(name)}: ${issue.issues[0]?.message ?? issue.message}`, onName: true }];
  }
  if (issue.input === undefined) return [{ path, text: `${oneAt(path.slice(0, -1)) ?? "a story"} needs ${name}` }];
  return [{ path, text: `${name} is ${refusal(issue)}` }];
}

/** The story without what the schema refused; the label of a refused row stays known. */
export function prune(value: unknown, issues: readonly Issue[]): LooseStory {
  let story = value;
  for (const issue of issues) {
    const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of paths) story = without(story, path);
  }
  return asMapping(story);
}

// --- internal ---

function refusal(issue: Issue): string {
  if (issue.code === "too_small") return "empty";
  if (issue.code === "invalid_format") return `${quoteValue(issue.input)}: ${issue.message}`;
  if (issue.code !== "invalid_value") return `${describeValue(issue.input)}; expected ${wanted(issue)}`;
  const names = issue.values.map(String);
  return `${quoteValue(issue.input)}; expected one of ${names.join(", ")}${didYouMean(String(issue.input), names)}`;
}

/** The same value with undefined at this path; undefined if the path is empty. */
function without(value: unknown, [step, ...rest]: readonly PropertyKey[]): unknown {
  if (step === undefined) return undefined;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<PropertyKey, unknown>;
  copy[step] = without(copy[step], rest);
  return copy;
}

/** The kind of row at this path: the word before the last, for `sweeps, 0` and `jobs, job1` alike. */
function kindAt(path: Path): KindName | undefined {
  const name = path.at(-2);
  return typeof name === "string" && Object.hasOwn(kinds, name) ? (name as KindName) : undefined;
}

function oneAt(path: Path): string | undefined {
  const kind = kindAt(path);
  return kind === undefined ? undefined : kinds[kind].one;
}

function membersAt(path: Path): readonly string[] {
  const kind = kindAt(path);
  if (kind === undefined) return ["title", "about", ...sections];
  const { columns, parents, stamp } = kinds[kind];
  const own = [...Object.keys(columns), ...Object.keys(parents), ...(stamp === undefined ? [] : [stamp])];
  return [...own, ...moreMembers(kind), ...(kind === "results" ? Object.keys(kinds.autoProcs.columns) : [])];
}

function describeValue(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return quoteValue(value);
}

const words: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function wanted(issue: Issue): string {
  if (issue.code === "invalid_type") return words[issue.expected] ?? issue.expected;
  if (issue.path.includes("parameters")) return "text, a number, true, false or { idOf: LABEL }";
  return "text or a number";
}
