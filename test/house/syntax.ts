/** The source of a house as syntax trees, for tests that hold its names and sentences. */
import { parseAst } from "rolldown/parseAst";
import { readSources } from "../../scripts/check-imports.ts";

/** One node of a syntax tree, as ESTree has it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}

/** Calls `visit` with every node and its parents, the nearest first. */
export function walk(code: string, visit: (node: Node, parents: readonly Node[]) => void): void {
  const enter = (value: unknown, parents: readonly Node[]): void => {
    if (Array.isArray(value)) return value.forEach((each) => enter(each, parents));
    if (!isNode(value)) return;
    visit(value, parents);
    for (const child of Object.values(value)) enter(child, [value, ...parents]);
  };
  enter(parseAst(code, { lang: "ts" }), []);
}

/** `src/plan/plan.ts:12` */
export function placeOf(file: string, code: string, { start }: Node): string {
  return `${file}:${code.slice(0, start).split("\n").length}`;
}

/** Every file of src/, with its text. */
export function sourceFiles(): [file: string, code: string][] {
  return Object.entries(readSources()).filter(([file]) => file.startsWith("src/"));
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Partial<Node>).type === "string";
}
