import { describe, expect, test } from "vitest";
import { parseChoice } from "../../src/server/choice.ts";
import { findProgram, providersOf } from "../../src/server/find.ts";
import { isOfSeries, packageOf, packagedSeries, parseSeries } from "../../src/server/series.ts";

describe("a choice of --server", () => {
  test.each(Object.keys(packagedSeries))("%s is a series that has a package", (name) => {
    expect(parseChoice(name)).toMatchObject({ kind: "series", series: { name } });
    expect(packageOf(seriesNamed(name))).toBe(packagedSeries[name as keyof typeof packagedSeries]);
  });

  test.each(["mariadb:11.8", "mysql:9", "registry.example:5000/team/mariadb:11"])("%s is an image", (image) => {
    expect(parseChoice(image)).toEqual({ kind: "image", image });
    expect(providersOf(image).map(({ name }) => name)).toEqual(["container"]);
  });

  test.each(["", "mariadb", "postgres-16", "mariadb-", "mysql-9.7.4", "mariadb:", "Mysql-9", "mysql 9"])(
    "%j is none, and the error lists what there is",
    (text) => {
      expect(() => parseChoice(text)).toThrow(
        expect.objectContaining({
          code: "USAGE",
          details: expect.objectContaining({
            wanted: [expect.stringContaining("mysql-9, mariadb-11.8, mariadb-10.11, mariadb-10.5"), expect.anything()],
          }),
        }),
      );
    },
  );

  test("an image has no program, and the refusal says what to choose", async () => {
    expect(await findProgram("mariadb:11.8")).toEqual([
      expect.objectContaining({ provider: "container", remedy: expect.stringContaining("mariadb-11.8") }),
    ]);
  });
});

describe("a series", () => {
  test("compares numbers, not letters", () => {
    const [ten, one] = [seriesNamed("mariadb-10.11"), seriesNamed("mariadb-10.1")];
    const product = { vendor: "mariadb", version: [10, 11, 19] } as const;
    expect(isOfSeries(product, ten)).toBe(true);
    expect(isOfSeries(product, one)).toBe(false);
    expect(isOfSeries({ ...product, vendor: "mysql" }, ten)).toBe(false);
    expect(packageOf(one)).toBeUndefined();
  });

  test("without a second number is any of them, and its package is the newest", () => {
    expect(isOfSeries({ vendor: "mariadb", version: [10, 6, 2] }, seriesNamed("mariadb-10"))).toBe(true);
    expect(packageOf(seriesNamed("mariadb-10"))).toBe(packagedSeries["mariadb-10.11"]);
  });
});

function seriesNamed(name: string) {
  const series = parseSeries(name);
  if (series === undefined) throw new Error(name);
  return series;
}
