import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

export default defineConfig({
  // Inside a test a facility's migration is imported by vitest, and not by Node with the hook of src/facility/import-file.ts.
  resolve: { alias: { "ispyb-migrate/migration": new URL("./src/steps/define.ts", import.meta.url).pathname } },
  test: {
    // Each test has servers of its own; what limits is memory and the two cores of a small machine.
    // Two workers more than cores, because each of them waits for its server: with one more, 23 % of the cores were idle.
    pool: "forks",
    maxWorkers: 4,
    // A worker takes one file after another: its modules are loaded once and are warm. A file puts back what it changes
    // of the process, and state of its own is made where its tests begin.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Nets for what hangs, and no measure of how fast a machine is: a loaded one takes ten times as long as a quiet one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    teardownTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "servers",
          include: ["test/**/*.test.ts"],
          exclude: ["**/*.pure.test.ts", "**/*.container.test.ts"],
          globalSetup: ["test/support/global-setup.ts"],
        },
      },
      // Only these need Docker, and only where one of them is run is it looked for or started.
      {
        extends: true,
        test: {
          name: "containers",
          include: ["test/**/*.container.test.ts"],
          globalSetup: ["test/support/container-setup.ts"],
        },
      },
      // No server is prepared for these: scripts/test --pure
      { extends: true, test: { name: "pure", include: ["test/**/*.pure.test.ts"] } },
    ],
  },
});
