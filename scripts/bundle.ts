/**
 * The JavaScript of the package, in few files: each one that Node loads takes it 0.2 ms, and `status` would
 * load 130. Migrations stay files of their own, by whose names they are known; packages stay packages.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const checkout = fileURLToPath(new URL("../", import.meta.url));
const dist = join(checkout, "dist");

const migrations = readdirSync(join(checkout, "migrations")).filter((file) => file.endsWith(".ts"));
const entries = ["src/cli/main.ts", "src/index.ts", ...migrations.map((file) => `migrations/${file}`)];

const manifest = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as Record<string, object>;
const packages = Object.keys({ ...manifest["dependencies"], ...manifest["peerDependencies"] });

/** What `using` becomes for a Node that does not know it. */
const usingHelper = /\/usingCtx\.js$/;

/** Modules that are loaded together: these, and all that they import and no file above has. */
const together: readonly [file: string, ...modules: readonly RegExp[]][] = [
  [
    "common",
    /\/src\/(?:errors|hint|model|own-files|sql|version|cli\/output|db\/(?:client-command|db|redact|server-errors|session))\.ts$/,
    usingHelper,
  ],
  [
    "plan",
    /\/src\/(?:migrate\/verify|plan\/(?:load-migrations|read-plan)|repeatables\/procedures\/source|steps\/define)\.ts$/,
  ],
  ["connect", /\/src\/db\/connect\.ts$/],
  [
    "views",
    /\/src\/(?:documents\/(?:place|recorded|status)|cli\/(?:plan-options|views\/(?:heading|repeatables)))\.ts$/,
  ],
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
  // What Node 22.12 understands.
  transform: { target: "es2023" },
  output: {
    dir: dist,
    entryFileNames: "[name].js",
    // As deep as src/own-files.ts: its paths are written from there.
    chunkFileNames: "src/[name].js",
    minifyInternalExports: false,
    codeSplitting: { groups },
  },
});

/** The paths by which modules find what lies beside them, such as stories and SQL. */
const besides = /new URL\(["`]([^"`$]*)["`$][^)]*import\.meta\.url/g;

for (const file of output) {
  for (const [, path = ""] of file.type === "chunk" ? file.code.matchAll(besides) : []) {
    const meant = relative(dist, join(dist, dirname(file.fileName), path));
    if (!existsSync(join(checkout, meant)))
      throw new Error(`dist/${file.fileName} looks for ${meant}, which is not there`);
  }
}
