/** Parses a file as a story, with YAML and the schema; all problems have their place in the file. */
import type { Document, Pair, ParsedNode } from "yaml";
import { messageOf } from "../../errors.ts";
import { explain, prune } from "./explain-issue.ts";
import type { LooseStory } from "./loose-story.ts";
import type { Path, PlacedProblem, Problem, SourcePosition } from "./problem.ts";
import { type StorySource, isTaken } from "./source.ts";

export interface ParsedStory {
  readonly name: string;
  /** The story itself says its name; otherwise the name is that of its file. */
  readonly isNamed: boolean;
  readonly file: string;
  readonly origin: string;
  readonly title: string;
  /** The valid part of the story, without what the schema refused. */
  readonly story: LooseStory;
  /** Problems that are known without a database. */
  readonly problems: readonly PlacedProblem[];
  readonly place: (problem: Problem) => PlacedProblem;
}

/** A story needs few aliases: one or two for a long path. */
const MOST_ALIASES = 100;

/** A story has about ten levels; a parser that follows thousands used all memory of the machine (observed). */
const DEEPEST = 50;

/** Parses a story. Never throws for the content of the file. */
export async function parseStory(source: StorySource): Promise<ParsedStory> {
  const { file, origin, text } = source;
  const yaml = await import("yaml");
  const lines = new yaml.LineCounter();
  const at = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const broken = (
    what: string,
    causes: readonly { readonly offset: number; readonly error: unknown }[],
  ): ParsedStory => ({
    name: source.name,
    isNamed: false,
    file,
    origin,
    title: "",
    story: {},
    problems: causes.map(({ offset, error }) => ({ file, ...at(offset), text: `${what}: ${firstLine(error)}` })),
    place: (problem) => ({ file, line: 1, column: 1, text: problem.text }),
  });

  const deep = tooDeep(yaml, text);
  if (deep !== undefined) {
    return broken("this is not a story", [
      { offset: deep, error: `lists and mappings are nested more than ${DEEPEST} levels deep` },
    ]);
  }
  const document = yaml.parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  if (document.errors.length > 0) {
    return broken(
      "this is not YAML",
      document.errors.map((error) => ({ offset: error.pos[0], error })),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    return broken("its aliases (*name) cannot be resolved", [{ offset: 0, error }]);
  }

  const place = (problem: Problem): PlacedProblem => ({
    file,
    ...at(offsetOf(document, problem)),
    text: problem.text,
  });
  const { story: schema } = await import("./schema.ts");
  const { error } = schema.safeParse(value, { reportInput: true });
  const issues = error?.issues ?? [];
  const twice = membersTwice(yaml, document).map(({ name: member, offset, first }) => ({
    file,
    ...at(offset),
    text: `${member} is given twice; first in line ${at(first).line}`,
  }));
  const story = prune(value, issues);
  const name = story.name ?? source.name;
  const taken = isTaken({ name, origin })
    ? [place({ path: ["name"], text: `${name} is the name of a story in seeds/: choose another name` })]
    : [];
  const problems = [...issues.flatMap((issue) => explain(issue)).map(place), ...twice, ...taken];
  return {
    name,
    isNamed: story.name !== undefined,
    file,
    origin,
    title: story.title ?? "",
    story,
    problems,
    place,
  };
}

// --- internal ---

function firstLine(error: unknown): string {
  return messageOf(error).split("\n")[0] ?? "";
}

type Yaml = typeof import("yaml");

/** The offset where brackets, or dashes of one line, are nested too deep. The lexer finds it before the file is parsed. */
function tooDeep({ Lexer }: Yaml, text: string): number | undefined {
  let brackets = 0;
  let inLine = 0;
  let offset = 0;
  for (const word of new Lexer().lex(text)) {
    if (word === "[" || word === "{") brackets += 1;
    else if (word === "]" || word === "}") brackets -= 1;
    else if (word === "-" || word === "?" || word === ":") inLine += 1;
    else if (word.includes("\n")) inLine = 0;
    if (brackets + inLine > DEEPEST) return offset;
    offset += word.length;
  }
  return undefined;
}

/** A label or column that a mapping has twice: YAML would silently use the last one. */
function membersTwice({ isScalar, visit }: Yaml, document: Document) {
  const twice: { readonly name: string; readonly offset: number; readonly first: number }[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Map<unknown, number>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const offset = key.range?.[0] ?? 0;
        const first = seen.get(key.value);
        if (first === undefined) seen.set(key.value, offset);
        else twice.push({ name: String(key.value), offset, first });
      }
    },
  });
  return twice;
}

/** The offset of the value or its name; for a missing value, the offset of the nearest enclosing value. */
function offsetOf(document: Document.Parsed, { path, onName }: Problem): number {
  let node: ParsedNode | null = document.contents;
  let offset = node?.range[0] ?? 0;
  for (const [at, step] of path.entries()) {
    const next = child(node, step);
    if (next === undefined) return offset;
    const isNamed = next.key !== undefined && (next.value === null || (onName === true && at === path.length - 1));
    offset = (isNamed ? next.key : next.value)?.range[0] ?? offset;
    node = next.value;
  }
  return offset;
}

interface Child {
  readonly key?: ParsedNode;
  readonly value: ParsedNode | null;
}

function child(node: ParsedNode | null, step: Path[number]): Child | undefined {
  if (node === null || !("items" in node)) return undefined;
  if (typeof step === "number") {
    const value = node.items[step];
    return value === undefined || "key" in value ? undefined : { value };
  }
  // The last one of a name, as in toJS.
  const pairs = node.items.filter((item): item is Pair<ParsedNode, ParsedNode | null> => "key" in item);
  const pair = pairs.findLast(({ key }) => "value" in key && String(key.value) === step);
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}
