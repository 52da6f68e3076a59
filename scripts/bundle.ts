/**
 * Bundles the package's JavaScript into few files: Node needs 0.2 ms to load one, and `status` would load 130.
 * Migrations stay separate files, because their file names identify them; packages stay packages.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const checkout = fileURLToPath(new URL("../", import.meta.url));
const dist = join(checkout, "dist");

const migrations = readdirSync(join(checkout, "migrations")).filter((file) => file.endsWith(".ts"));
const libraries = [
  "src/index.ts",
  "src/steps/define.ts",
  "src/sandbox/library.ts",
  "src/vitest/index.ts",
  "src/vitest/setup.ts",
];
const entries = ["src/cli/main.ts", ...libraries, ...migrations.map((file) => `migrations/${file}`)];

const manifest = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as Record<string, object>;
const packages = Object.keys({ ...manifest["dependencies"], ...manifest["peerDependencies"] });

/** The helper that replaces `using` for a Node that does not support it. */
const usingHelper = /\/usingCtx\.js$/;

/** Modules that are loaded together: these, and everything they import that no earlier group contains. */
const together: readonly [file: string, ...modules: readonly RegExp[]][] = [
  [
    "common",
    /\/src\/(?:errors|hint|model|own-files|sql|version|cli\/output|documents\/(?:answer|failure|format-hint)|db\/(?:client-command|db|redact|server-errors|session))\.ts$/,
    usingHelper,
  ],
  [
    "plan",
    /\/src\/(?:documents\/(?:format-notice|place|recorded|status)|migrate\/verify|plan\/(?:load-migrations|read-plan)|repeatables\/procedures\/source|steps\/define)\.ts$/,
  ],
  ["connect", /\/src\/db\/connect\.ts$/],
  ["views", /\/src\/cli\/(?:plan-options|views\/(?:heading|repeatables))\.ts$/],
  // Both the command line and the libraries need these; the libraries load nothing of the command line.
  ["names", /\/src\/(?:seed\/story\/own-stories|provision\/names|reset\/tables)\.ts$/],
  ["run", /\/src\/cli\/run\.ts$/],
];

const groups = together.map(([name, ...modules], at) => ({
  name,
  test: (id: string) => modules.some((module) => module.test(id)),
  priority: together.length - at,
}));

const { output } = await build({
  input: Object.fromEntries(entries.map((file) => [file.slice(0, -".ts".length), join(checkout, file)])),
  platform: "node",
  external: packages.map((name) => new RegExp(`^${name}(?:/|$)`)),
  // The language level of Node 22.12.
  transform: { target: "es2023" },
  output: {
    dir: dist,
    entryFileNames: "[name].js",
    // At the depth of src/own-files.ts, because its paths are relative.
    chunkFileNames: "src/[name].js",
    minifyInternalExports: false,
    // They explain the code to readers of a checkout; the declarations keep theirs, for editors.
    comments: { legal: true, annotation: true, jsdoc: false },
    codeSplitting: { groups },
  },
});

/** Relative paths by which modules find other files, such as stories and SQL. */
const relativePaths = /new URL\(["`]([^"`$]*)["`$][^)]*import\.meta\.url/g;

for (const file of output) {
  for (const [, path = ""] of file.type === "chunk" ? file.code.matchAll(relativePaths) : []) {
    const meant = relative(dist, join(dist, dirname(file.fileName), path));
    if (!existsSync(join(checkout, meant)))
      throw new Error(`dist/${file.fileName} needs ${meant}, which does not exist`);
  }
}
