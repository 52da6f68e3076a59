import { defineConfig } from "oxlint";

export default defineConfig({
  plugins: ["typescript", "unicorn", "import", "promise", "node", "oxc"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  rules: {
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
  overrides: [
    {
      // The command line and all below it get what they need of the process from src/cli/main.ts. A private server is
      // a child of this process, the lease says which process holds it, vitest tells its workers by their environment, and
      // this Node loads the files of a facility.
      files: ["src/**/*.ts"],
      excludeFiles: [
        "src/cli/main.ts",
        "src/facility/surroundings.ts",
        "src/server/*.ts",
        "src/state/lease-session.ts",
        "src/vitest/surroundings.ts",
      ],
      rules: {
        "no-restricted-globals": ["error", "process", "console"],
        "no-restricted-imports": [
          "error",
          { paths: ["process", "node:process", { name: "node:os", importNames: ["homedir"] }] },
        ],
      },
    },
  ],
});
