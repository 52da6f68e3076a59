/** Checks the imports of src/ and migrations/ against scripts/rooms.ts: node scripts/check-imports.ts */
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { closedFiles, doors, migrationsMayImport, rooms } from "./rooms.ts";

/** The text of each file by its path from the checkout's root. */
export type Sources = Readonly<Record<string, string>>;

/** Every fault as a sentence; an empty list if there is none. */
export function faultsOf(sources: Sources): string[] {
  const imports = new Map(Object.entries(sources).map(([file, text]) => [file, importsOf(file, text)]));
  return [...folderFaults([...imports.keys()]), ...[...imports].flatMap(fileFaults), ...circleFaults(imports)];
}

export function readSources(): Sources {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const files = ["src", "migrations"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  const code = files.filter((file) => file.endsWith(".ts"));
  return Object.fromEntries(code.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

// --- internal ---

/** `import … from "x"`, `export … from "x"` and `import "x"`, each at the beginning of a line, as oxfmt leaves them. */
const staticImport = /^(?:import|export)\b(?:[^;"]*?\bfrom)? "([^"\n]+)";/gm;
/** `import("x")` and `typeof import("x")`. */
const dynamicImport = /\bimport\(\s*"([^"\n]+)"/g;
const commentPattern = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** The imports of a file: files by their path from the root, packages by their name. */
function importsOf(file: string, text: string): string[] {
  const code = text.replaceAll(commentPattern, "");
  return [...code.matchAll(staticImport), ...code.matchAll(dynamicImport)]
    .map(([, name = ""]) => (name.startsWith(".") ? normalize(join(dirname(file), name)) : name))
    .filter((name) => !name.startsWith("node:"));
}

/** The room of a file: `catalog` for src/catalog/compare.ts, `sql` for src/sql.ts. */
function roomOf(file: string): string {
  return (file.split("/")[1] ?? "").replace(/\.ts$/, "");
}

function folderFaults(files: readonly string[]): string[] {
  const folders = new Set(files.filter((file) => /^src\/[^/]+\//.test(file)).map(roomOf));
  return [
    ...[...folders]
      .filter((room) => rooms[room] === undefined)
      .map((room) => `src/${room}/ is not in the table of rooms`),
    ...Object.keys(rooms)
      .filter((room) => !folders.has(room))
      .map((room) => `the table of rooms names src/${room}/, which does not exist`),
  ];
}

function fileFaults([file, imports]: readonly [string, readonly string[]]): string[] {
  return imports.flatMap((imported) => {
    if (imported.startsWith("src/")) return isOpen(file, imported) ? [] : [`${file} may not import ${imported}`];
    if (imported.startsWith("migrations/"))
      return file.startsWith("migrations/") ? [] : [`${file} imports a migration: ${imported}`];
    const name = packageOf(imported);
    const door = doors[name];
    if (door === undefined) return [`${file} imports ${name}, which has no door in the table of rooms`];
    return door.test(file) ? [] : [`${file} imports ${name}; the door of this package is ${door.source}`];
  });
}

function isOpen(file: string, imported: string): boolean {
  if (file.startsWith("migrations/")) return imported === migrationsMayImport;
  const [from, to] = [roomOf(file), roomOf(imported)];
  if (from === to || from === "index") return true;
  const open = rooms[from];
  // Files directly in src/ are open to one another.
  if (open === undefined) return rooms[to] === undefined;
  return rooms[to] === undefined ? !closedFiles.includes(to) || open.includes(to) : open.includes(to);
}

/** The package of an import: `@clack/prompts` for "@clack/prompts/core". */
function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Each circle of imports once, as the path around it. */
function circleFaults(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]) => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push(`a circle of imports: ${[...way.slice(at), file].join(" → ")}`);
    if (at >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

if (import.meta.main) {
  const faults = faultsOf(readSources());
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
