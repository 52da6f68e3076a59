/**
 * The rooms of src/, from the lowest up, and the other rooms that each may import from. Imports point one way; type
 * imports and dynamic imports count. Every room may import files directly in src/, except those in `closedFiles`.
 * scripts/check-imports.ts checks the code against this table.
 */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  dialect: [],
  db: ["dialect", "options", "option-layers"],
  catalog: ["db", "dialect"],
  access: ["db", "dialect"],
  base: ["db", "own-files"],
  server: ["db", "dialect"],
  steps: ["catalog", "dialect"],
  save: ["catalog", "db", "dialect"],
  state: ["catalog", "db"],
  run: ["state", "steps", "access", "catalog", "db"],
  repeatables: ["run", "state", "steps", "access", "catalog", "db", "dialect", "own-files"],
  plan: ["repeatables", "run", "save", "state", "steps", "access", "catalog", "db", "dialect", "own-files"],
  facility: ["plan", "state", "steps", "base", "db", "own-files"],
  preflight: ["plan", "repeatables", "run", "save", "state", "steps", "base", "access", "catalog", "db", "dialect"],
  migrate: ["preflight", "plan", "repeatables", "run", "save", "state", "steps", "access", "catalog", "db"],
  script: ["plan", "repeatables", "run", "state", "steps", "catalog", "db", "dialect"],
  reset: ["catalog", "db", "dialect", "own-files"],
  job: ["access", "catalog", "db"],
  seed: ["plan", "run", "state", "access", "catalog", "db", "dialect", "own-files"],
  sandbox: ["seed", "reset", "base", "migrate", "plan", "repeatables", "run", "server", "db", "dialect", "own-files"],
  provision: ["sandbox", "reset", "preflight", "run", "access", "catalog", "db", "dialect", "own-files"],
  documents: [
    "provision",
    "sandbox",
    "options",
    "migrate",
    "plan",
    "repeatables",
    "run",
    "state",
    "seed",
    "job",
    "steps",
    "catalog",
    "db",
    "dialect",
  ],
  vitest: ["documents", "sandbox", "db"],
  cli: [
    "documents",
    "facility",
    "provision",
    "sandbox",
    "script",
    "migrate",
    "preflight",
    "plan",
    "repeatables",
    "run",
    "state",
    "seed",
    "job",
    "steps",
    "catalog",
    "db",
    "dialect",
    "options",
    "option-layers",
    "own-files",
  ],
};

/** Files of src/ that only rooms with their name in the table may import. */
export const closedFiles: readonly string[] = ["options", "option-layers", "own-files", "index"];

/** The door of each package: the only files of src/ that may import it. */
export const doors: Readonly<Record<string, RegExp>> = {
  "@clack/prompts": /^src\/cli\/prompt\.ts$/,
  "cli-progress": /^src\/cli\/progress-bar\.ts$/,
  commander: /^src\/cli\/parse-arguments\.ts$/,
  diff: /^src\/cli\/views\//,
  "fast-string-width": /^src\/text-width\.ts$/,
  "fast-wrap-ansi": /^src\/wrap\.ts$/,
  "fastest-levenshtein": /^src\/seed\/story\/problem\.ts$/,
  mysql2: /^src\/db\//,
  "pure-rand": /^src\/seed\/generate\/content\/random\.ts$/,
  "sql-formatter": /^src\/cli\/views\//,
  testcontainers: /^src\/server\/container(?:-engine|-watch)?\.ts$/,
  umzug: /^src\/migrate\/umzug\.ts$/,
  yaml: /^src\/seed\/story\/parse\.ts$/,
  vitest: /^src\/vitest\/(?:index|setup|settings)\.ts$/,
  zod: /^src\/(?:seed\/story|documents\/schemas)\//,
};

/** The only file of src/ that migrations may import. */
export const migrationsMayImport = "src/steps/define.ts";
