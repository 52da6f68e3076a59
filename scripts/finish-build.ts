/**
 * Completes dist/ after compiler and bundler: copies the SQL of the migrations, the stories, and the schemas of the
 * documents. Keeps only the declarations that the programmatic interface uses.
 */
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../", import.meta.url));
const dist = join(checkout, "dist");

cpSync(join(checkout, "migrations"), join(dist, "migrations"), {
  recursive: true,
  filter: (file) => !/\.(?:ts|md)$/.test(file),
});

// READMEs and the picture are for readers of a checkout.
cpSync(join(checkout, "seeds"), join(dist, "seeds"), {
  recursive: true,
  filter: (file) => !/\.(?:svg|md)$/.test(file),
});

cpSync(join(checkout, "src/documents/schemas"), join(dist, "src/documents/schemas"), {
  recursive: true,
  filter: (file) => !file.endsWith(".ts"),
});

cpSync(join(checkout, "src/reset/sql"), join(dist, "src/reset/sql"), { recursive: true });

// Programs read the schemas: without indentation they are half as large.
for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".schema.json")) continue;
  const schema: unknown = JSON.parse(readFileSync(join(dist, name), "utf8"));
  writeFileSync(join(dist, name), `${JSON.stringify(schema)}\n`);
}

/** Imports in declarations, which the compiler does not rewrite. */
const importOfSource = /(?<=["'])(\.{1,2}\/[^"']+)\.ts(?=["'])/g;

function reachedFrom(declaration: string, reached: Set<string>): void {
  if (reached.has(declaration)) return;
  reached.add(declaration);
  for (const [, path = ""] of readFileSync(declaration, "utf8").matchAll(importOfSource)) {
    reachedFrom(resolve(dirname(declaration), `${path}.d.ts`), reached);
  }
}

const reached = new Set<string>();
for (const library of ["index", "steps/define", "sandbox/library", "vitest/index", "vitest/setup"]) {
  reachedFrom(join(dist, `src/${library}.d.ts`), reached);
}
for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".d.ts")) continue;
  const declaration = join(dist, name);
  if (reached.has(declaration)) {
    writeFileSync(declaration, readFileSync(declaration, "utf8").replaceAll(importOfSource, "$1.js"));
  } else rmSync(declaration);
}
