/** The recipes of a README: its blocks of code, by heading. */

export interface Block {
  readonly language: string;
  /** The file that it is, from a first line such as `# conftest.py`; undefined for commands to type. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The blocks under each heading of the third level in the part "Recipes". */
export function recipesOf(readme: string): ReadonlyMap<string, readonly Block[]> {
  const part = readme.split(/^## /m).find((text) => text.startsWith("Recipes\n")) ?? "";
  const [, ...chapters] = part.split(/^### /m);
  return new Map(chapters.map((chapter) => [chapter.split("\n", 1)[0] ?? "", blocksOf(chapter)]));
}

function blocksOf(chapter: string): Block[] {
  return [...chapter.matchAll(/^```(?<language>\w+)\n(?<text>[\s\S]*?)^```$/gm)].map(({ groups }) => {
    const { language = "", text = "" } = groups ?? {};
    return { language, text, file: /^# (?<file>[\w./-]+\.\w+)\n/.exec(text)?.groups?.["file"] };
  });
}
