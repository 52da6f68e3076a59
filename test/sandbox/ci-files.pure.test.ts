/** The workflow files of the recipes have the form that their readers want. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { z } from "zod";
import { githubWorkflow, gitlabFile } from "./ci-files.ts";
import { recipesOf } from "./recipe-blocks.ts";

const recipes = recipesOf(readFileSync(new URL("../../src/sandbox/README.md", import.meta.url), "utf8"));
const manifest = new URL("../../package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };

/** The recipe has the form, and with any of these faults it has not: a fault is what is right, and how it is written. */
function hasForm(title: string, form: z.ZodType, faults: readonly (readonly [right: string, wrong: string])[]): void {
  describe(title, () => {
    const text = recipes.get(title)?.find(({ language }) => language === "yaml")?.text ?? "";

    test("the recipe has the form", () => {
      expect(form.safeParse(parse(text)).error).toBeUndefined();
    });

    for (const [right, wrong] of faults) {
      test(`${JSON.stringify(right)} written as ${JSON.stringify(wrong)} is refused`, () => {
        expect(text).toContain(right);
        expect(form.safeParse(parse(text.replace(right, wrong))).success).toBe(false);
      });
    }
  });
}

hasForm("GitHub Actions", githubWorkflow, [
  ["runs-on", "run-on"],
  ["id: template", "id: another"],
  ["actions/cache@v4", "cache"],
  ["          key:", "          keys:"],
  ["      - run: npm", "      - runs: npm"],
  ["[push, pull_request]", "[pushed]"],
]);

hasForm("GitHub Actions with a service container", githubWorkflow, [
  ["    services:", "    service:"],
  ["image: mariadb:11.8", "image: mariadb"],
  ['"3306:3306"', '"mysql"'],
  ["        options: --health", "        option: --health"],
  ["      - env:", "      - environment:"],
]);

hasForm("GitLab CI", gitlabFile, [
  ["  image:", "  images:"],
  ["  script:", "  scripts:"],
  ["    paths:", "    path:"],
  ["test:\n", "variables:\n"],
]);

test("recipes name the archive of this version", () => {
  const names = [...recipes.values()].flat().flatMap(({ text }) => text.match(/ispyb-migrate-[\d.]+\.tgz/g) ?? []);
  expect(new Set(names)).toEqual(new Set([`ispyb-migrate-${version}.tgz`]));
});
