/** The READMEs: short where they have to be, and leading to files that exist. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { rooms } from "../../scripts/rooms.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const topFolders = ["migrations", "scripts", "seeds", "src", "test"];

const readmes = [
  "README.md",
  ...topFolders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /(?:^|\/)README\.md$/.test(file))
      .map((file) => join(folder, file)),
  ),
];

const read = (file: string) => readFileSync(join(root, file), "utf8");

test("README.md has at most 7 KB", () => {
  expect(Buffer.byteLength(read("README.md"))).toBeLessThanOrEqual(7 * 1024);
});

/** The part about the room itself; behind a line of three dashes its users have theirs. */
test.each(Object.keys(rooms))("src/%s begins with a README of at most 30 lines", (room) => {
  const [map = ""] = read(`src/${room}/README.md`).split("\n---\n");
  expect(map.trim().split("\n").length).toBeLessThanOrEqual(30);
});

/** The files of a room that its README names neither by name nor by one of their folders. */
function unnamed(readme: string, files: readonly string[]): string[] {
  const names = new Set([...readme.matchAll(/`(?<name>[\w./-]+)`/g)].map(({ groups }) => groups?.["name"] ?? ""));
  const isNamed = (file: string) => {
    const parts = file.split("/");
    return names.has(file) || parts.some((_, at) => names.has(`${parts.slice(0, at).join("/")}/`));
  };
  return files.filter((file) => !isNamed(file));
}

test.each(Object.keys(rooms))("the README of src/%s names every file of the room", (room) => {
  const files = readdirSync(join(root, "src", room), { recursive: true, encoding: "utf8" });
  expect(
    unnamed(
      read(`src/${room}/README.md`),
      files.filter((file) => file.endsWith(".ts")),
    ),
  ).toEqual([]);
});

test("a file that a README does not name is noticed", () => {
  const readme = "| `a.ts`, `down/b.ts` | two files |\n| `views/` | a folder |";
  expect(unnamed(readme, ["a.ts", "b.ts", "down/b.ts", "down/c.ts", "views/x/d.ts"])).toEqual(["b.ts", "down/c.ts"]);
});

test("README.md leads to every other README, or to one that does", () => {
  const reached = new Set(["README.md"]);
  for (const readme of reached) {
    for (const target of linksOf(read(readme))) {
      const file = join(dirname(readme), target);
      if (readmes.includes(file)) reached.add(file);
    }
  }
  expect([...reached].toSorted()).toEqual(readmes.toSorted());
});

test("src/README.md names every room, and every file directly in src/", () => {
  const text = read("src/README.md");
  const files = readdirSync(join(root, "src")).filter((file) => file.endsWith(".ts"));
  expect(files.filter((file) => !text.includes(`src/${file}`))).toEqual([]);
  expect(Object.keys(rooms).filter((room) => !text.includes(`[${room}](${room}/README.md)`))).toEqual([]);
});

test("scripts/README.md names every script", () => {
  const text = read("scripts/README.md");
  const scripts = readdirSync(join(root, "scripts"), { withFileTypes: true }).filter((each) => each.isFile());
  const names = scripts.map(({ name }) => name).filter((name) => name !== "README.md");
  expect(names.filter((name) => !text.includes(`\`scripts/${name}\``))).toEqual([]);
});

describe.each(readmes)("%s", (readme) => {
  test("every link leads to a file", () => {
    const missing = linksOf(read(readme)).filter((target) => !existsSync(join(root, dirname(readme), target)));
    expect(missing).toEqual([]);
  });

  test("every file that it names exists", () => {
    expect(namedFiles(read(readme)).filter((file) => !isThere(file, dirname(readme)))).toEqual([]);
  });
});

test("a file that is gone is noticed", () => {
  const text = "see `src/cli/no-such-file.ts`, `no-such.ts --flag` and [there](no-such-page.md#part); not `NAME.ts`";
  expect(namedFiles(text).filter((file) => !isThere(file, "src/cli"))).toEqual([
    "src/cli/no-such-file.ts",
    "no-such.ts",
  ]);
  expect(linksOf(text)).toEqual(["no-such-page.md"]);
});

/** What is shown as code in a block belongs to the reader's machine. */
function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

/** The targets of relative links and pictures. */
function linksOf(text: string): string[] {
  const targets = [...withoutBlocks(text).matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(
    ({ groups }) => groups?.["target"] ?? "",
  );
  return targets.filter((target) => !/^[a-z]+:|^#/.test(target)).map((target) => target.replace(/#.*/, ""));
}

/** Words between backticks that are paths; `NAME.ts` and `YYYY_…` stand for any. */
function namedFiles(text: string): string[] {
  const words = [...withoutBlocks(text).matchAll(/`(?<code>[^`\n]+)`/g)].flatMap(
    ({ groups }) => groups?.["code"]?.split(/\s+/) ?? [],
  );
  return words.filter((word) => isPath(word) && !/NAME|FILE|YYYY/.test(word));
}

function isPath(word: string): boolean {
  if (!/^[\w.@/-]+$/.test(word) || word.startsWith("/")) return false;
  const [first = ""] = word.split("/");
  return (
    /\.(?:json|md|sh|sql|svg|ts|yaml)$/.test(word) ||
    word.endsWith("/") ||
    (topFolders.includes(first) && first !== word)
  );
}

/** Named from the root, or from where the README is; or exported by the package. What is built has the place of its source. */
function isThere(file: string, folder: string): boolean {
  const { exports } = JSON.parse(read("package.json")) as { readonly exports: object };
  const places = [join(root, file.replace(/^dist\//, "")), join(root, folder, file)];
  return places.some((place) => existsSync(place)) || file.replace(/^ispyb-migrate/, ".") in exports;
}
