/** A process that a command line must leave alone. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, vi } from "vitest";
import { temporaryFolder } from "../support/folder.ts";

/** What a command line must leave alone; each call is noted, and a stream says who wrote to it. */
const touched: string[] = [];

/** A folder whose option file no command line can use. */
export const misleading = await temporaryFolder();
await writeFile(join(misleading.path, ".my.cnf"), "[ispyb-migrate]\nstray=1\n", { mode: 0o600 });

/** For each test of a file: what a command line would take of the process is wrong, and using it is a failure. */
export function guardProcess(): void {
  beforeEach(() => {
    touched.length = 0;
    for (const stream of ["stdout", "stderr"] as const) {
      vi.spyOn(process[stream], "write").mockImplementation((text) => touched.push(`${stream}: ${String(text)}`) > 0);
    }
    vi.spyOn(process, "stdin", "get").mockImplementation(() => expect.fail("process.stdin was read"));
    vi.spyOn(process, "cwd").mockImplementation(() => expect.fail("process.cwd() was called"));
    vi.spyOn(process, "exit").mockImplementation(() => expect.fail("process.exit() was called"));
    for (const register of ["on", "once", "addListener"] as const) {
      vi.spyOn(process as NodeJS.EventEmitter, register).mockImplementation((event) => {
        touched.push(`${register} ${String(event)}`);
        return process;
      });
    }
    // Any of these would show in what is printed.
    vi.stubEnv("HOME", misleading.path);
    vi.stubEnv("USER", "stray");
    vi.stubEnv("MYSQL_PWD", "a-password-of-the-process");
    vi.stubEnv("ISPYB_MIGRATE_JSON", "1");
    vi.stubEnv("ISPYB_MIGRATE_STRAY", "1");
    vi.stubEnv("FORCE_COLOR", "3");
    vi.stubEnv("COLUMNS", "33");
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    expect(touched).toEqual([]);
  });
  afterAll(() => misleading[Symbol.asyncDispose]());
}
