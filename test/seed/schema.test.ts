import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import manifest from "../../package.json" with { type: "json" };
import { asList } from "../../src/errors.ts";
import { storyError } from "../../src/seed/story/problem.ts";
import { storyJsonSchema } from "../../src/seed/story/schema.ts";
import { ownStoryNames } from "../../src/seed/story/own-stories.ts";
import { small } from "./seeding.ts";

const folder = new URL("../../seeds/", import.meta.url);
const published = JSON.parse(readFileSync(new URL("story.schema.json", folder), "utf8")) as object;

test("the published schema is the one that reads stories", () => {
  // Where it is not: node scripts/story-schema.ts && oxfmt seeds/story.schema.json
  expect(published).toEqual(JSON.parse(JSON.stringify(storyJsonSchema())));
});

test("the README and a refusal name the schema by a path that an editor can open", () => {
  const readme = readFileSync(new URL("README.md", folder), "utf8");
  const [here, installed] = [...readme.matchAll(/\$schema=(\S+?)`/g)].map(([, path]) => path);
  expect(here).toBe("./story.schema.json");
  const inPackage = `./node_modules/${manifest.name}/`;
  expect(installed?.replace(inPackage, "./")).toBe(manifest.exports["./story.schema.json"]);
  expect(installed).toContain(inPackage);
  const { next } = storyError([{ file: "own.yaml", line: 1, column: 1, text: "wrong" }]).details;
  const [path = ""] =
    /(?<=\$schema=).*/.exec(
      asList(next)
        .filter((each) => typeof each === "string")
        .join("\n"),
    ) ?? [];
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(published);
});

test("every story names the schema for editors, and keeps it", () => {
  const validate = new Ajv({ strict: false }).compile(published);
  for (const name of ownStoryNames()) {
    const text = readFileSync(new URL(`${name}.yaml`, folder), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./story.schema.json");
    expect(validate(parse(text)), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
  }
  expect(validate(parse(small.replace("recipe:", "recip:")))).toBe(false);
});
