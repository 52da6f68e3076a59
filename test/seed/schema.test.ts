import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { storyJsonSchema } from "../../src/seed/story/schema.ts";
import { ownStoryNames } from "../../src/seed/story/own-stories.ts";
import { small } from "./seeding.ts";

const folder = new URL("../../seeds/", import.meta.url);
const published = JSON.parse(readFileSync(new URL("story.schema.json", folder), "utf8")) as object;

test("the published schema is the one that reads stories", () => {
  // Where it is not: node scripts/story-schema.ts && oxfmt seeds/story.schema.json
  expect(published).toEqual(JSON.parse(JSON.stringify(storyJsonSchema())));
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
