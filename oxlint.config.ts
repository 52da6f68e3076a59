import { defineConfig } from "oxlint";

/**
 * Which rooms of src/ a room may import from, beside itself: imports point one way. `model`, `sql`
 * and `errors` stand at the bottom and are open to all; `options` only reads the environment.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  dialect: [],
  db: ["dialect", "options"],
  catalog: ["db", "dialect"],
  steps: ["catalog", "dialect"],
  server: ["db", "dialect"],
  save: ["catalog", "db", "dialect"],
  migrate: ["save", "steps", "catalog", "db", "dialect"],
  sandbox: ["server", "migrate", "db", "dialect"],
  job: ["migrate", "db", "dialect"],
  seed: ["migrate", "catalog", "db", "dialect"],
  cli: ["seed", "job", "sandbox", "migrate", "steps", "catalog", "server", "db", "dialect", "options"],
};

/** Each package has one door: the only place that may import it. */
const doors: Readonly<Record<string, RegExp>> = {
  umzug: /^src\/migrate\/runner\.ts$/,
  mysql2: /^src\/db\//,
  testcontainers: /^src\/server\/container\.ts$/,
  "sql-formatter": /^src\/cli\/views\//,
  yaml: /^src\/seed\//,
  zod: /^src\/seed\//,
  commander: /^src\/cli\//,
  "@clack/prompts": /^src\/cli\//,
};

const rooms = Object.keys(mayImport);

function closedTo(room: string, file: string): ["error", object] {
  const closed = [...rooms, "options"].filter((other) => other !== room && !mayImport[room]?.includes(other));
  const packages = Object.entries(doors).filter(([, door]) => !door.test(file));
  const patterns = [
    {
      group: closed.map((other) => (other === "options" ? "**/options.ts" : `**/${other}/**`)),
      message: `src/${room} may not import this: see oxlint.config.ts`,
    },
    {
      group: packages.flatMap(([name]) => [name, `${name}/*`]),
      message: "this package has one door: see oxlint.config.ts",
    },
  ];
  return ["error", { patterns }];
}

const roomOverrides = rooms.map((room) => ({
  files: [`src/${room}/**`],
  rules: { "no-restricted-imports": closedTo(room, `src/${room}/`) },
}));

/** Files that are a door themselves, or pure where their room is not. */
const fileOverrides = [
  {
    files: ["src/migrate/runner.ts"],
    rules: { "no-restricted-imports": closedTo("migrate", "src/migrate/runner.ts") },
  },
  {
    files: ["src/server/container.ts"],
    rules: { "no-restricted-imports": closedTo("server", "src/server/container.ts") },
  },
  { files: ["src/cli/views/**"], rules: { "no-restricted-imports": closedTo("cli", "src/cli/views/x.ts") } },
  {
    files: ["src/catalog/compare.ts", "src/catalog/describe.ts"],
    rules: { "no-restricted-imports": closedTo("steps", "src/catalog/compare.ts") },
  },
];

export default defineConfig({
  plugins: ["typescript", "unicorn", "import", "promise", "node", "oxc"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  rules: {
    "import/no-cycle": "error",
    "typescript/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "unicorn/no-process-exit": "error",
    // Statements follow one another on one connection; a query at a time is the point.
    "no-await-in-loop": "off",
    // A driver's rows are what the server sends: their types are said, not proven, and numbers may come as text.
    "typescript/no-unsafe-type-assertion": "off",
    "typescript/no-unnecessary-type-conversion": "off",
    // The compiler knows when a switch is exhaustive.
    "typescript/consistent-return": "off",
    // Small objects, made once.
    "oxc/no-map-spread": "off",
    "no-underscore-dangle": "off",
    "unicorn/consistent-function-scoping": "off",
    "import/no-named-as-default-member": "off",
  },
  overrides: [...roomOverrides, ...fileOverrides],
});
