import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Sources, faultsOf, readSources } from "../../scripts/check-imports.ts";
import { doors } from "../../scripts/rooms.ts";

const house = readSources();

/** The faults that these files add to a house in order. */
const faultsWith = (files: Sources) => faultsOf({ ...house, ...files });

test("the house is in order", () => {
  expect(faultsOf(house)).toEqual([]);
});

test("every package that is installed with ours has a door", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as Record<
    "dependencies" | "peerDependencies",
    object
  >;
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  expect(Object.keys(doors).toSorted()).toEqual(packages.toSorted());
});

describe("a fault is found", () => {
  test("a folder that the table does not name", () => {
    expect(faultsWith({ "src/attic/box.ts": "" })).toEqual(["src/attic/ is not in the table of rooms"]);
  });

  test("an import upwards, of a value, of a type, and when it is needed", () => {
    for (const line of [
      'import { up } from "../migrate/up.ts";',
      'import type { UpResult } from "../migrate/up.ts";',
      'export type { UpResult } from "../migrate/up.ts";',
      'type Up = typeof import("../migrate/up.ts");',
      'const { up } = await import("../migrate/up.ts");',
      'const { up } = await import(\n  "../migrate/up.ts"\n);',
    ]) {
      expect(faultsWith({ "src/dialect/x.ts": line }), line).toContain(
        "src/dialect/x.ts may not import src/migrate/up.ts",
      );
    }
  });

  test("a closed file that a room imports, and not that another file of src/ does", () => {
    expect(faultsWith({ "src/steps/x.ts": 'import { options } from "../options.ts";' })).toEqual([
      "src/steps/x.ts may not import src/options.ts",
    ]);
    expect(faultsWith({ "src/x.ts": 'import { options } from "./options.ts";' })).toEqual([]);
    expect(faultsWith({ "src/x.ts": 'import { up } from "./migrate/up.ts";' })).toEqual([
      "src/x.ts may not import src/migrate/up.ts",
    ]);
  });

  test("a circle of types, and one that a dynamic import closes", () => {
    const type = {
      "src/dialect/a.ts": 'import type { B } from "./b.ts";',
      "src/dialect/b.ts": 'import type { A } from "./a.ts";',
    };
    expect(faultsWith(type)).toEqual(["a circle of imports: src/dialect/a.ts → src/dialect/b.ts → src/dialect/a.ts"]);
    const dynamic = {
      "src/dialect/a.ts": 'import { b } from "./b.ts";',
      "src/dialect/b.ts": 'await import("./a.ts");',
    };
    expect(faultsWith(dynamic)).toEqual([
      "a circle of imports: src/dialect/a.ts → src/dialect/b.ts → src/dialect/a.ts",
    ]);
  });

  test("a package that comes in by another door, and one without a door", () => {
    expect(faultsWith({ "src/job/x.ts": 'import mysql from "mysql2/promise";' })).toEqual([
      String.raw`src/job/x.ts imports mysql2; the door of this package is ^src\/db\/`,
    ]);
    expect(faultsWith({ "src/job/x.ts": 'import _ from "lodash";' })).toEqual([
      "src/job/x.ts imports lodash, which has no door in the table of rooms",
    ]);
  });

  test("a migration that src imports, and a migration that imports more than the steps", () => {
    expect(faultsWith({ "src/plan/x.ts": 'import x from "../../migrations/2026_07_02_job_uuid.ts";' })).toContain(
      "src/plan/x.ts imports a migration: migrations/2026_07_02_job_uuid.ts",
    );
    expect(faultsWith({ "migrations/2030_01_01_x.ts": 'import { id } from "../src/sql.ts";' })).toEqual([
      "migrations/2030_01_01_x.ts may not import src/sql.ts",
    ]);
  });
});
