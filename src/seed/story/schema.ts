/** The form of a story for zod. Loaded when a story is read, and by scripts/story-schema.ts. */
import { z } from "zod";
import type { ColumnKind, KindName } from "./kind.ts";
import { kinds, sections } from "./kinds.ts";
import { nameWanted, storyName } from "./name.ts";
import { timePattern } from "./time.ts";

/** The label of a row in a story. Dots and blanks are reserved for generated labels. */
const labelPattern = /^[A-Za-z][A-Za-z0-9_-]{0,59}$/;

const label = z
  .string()
  .regex(labelPattern, "a label is a letter, then letters, digits, _ or - (at most 60 characters)")
  .meta({ id: "label" });
const time = z
  .string()
  .regex(
    timePattern,
    "a time is `at`, `at - 2h 30min`, `at + 1d` (d, h, min, s) or `2026-01-31 18:30:00`, by the server's clock, without a zone",
  )
  .meta({
    id: "time",
    description:
      "at, at - 2h 30min, at + 1d, or a date: 2026-01-31 18:30:00. `at` is the reference time of the story. By the server's clock, so without a zone",
  });
const idOf = z.strictObject({ idOf: label.describe("The label of a row of this story") }).describe("The id of a row");
const scalar = z.union([z.string(), z.number(), z.boolean(), idOf]);

const parameters = z
  .record(z.string().min(1), z.union([scalar, z.array(scalar)]))
  .describe("Parameters of the job by key; a list repeats the key");
const pipeline = z
  .union([z.string(), z.int().positive()])
  .describe("Its pipeline: the name or the id of a row of ProcessingPipeline");

const messages = z.array(row("messages"));
const attachments = z.array(row("attachments"));
const integrations = z.array(row("integrations"));
const results = labelled(z.strictObject({ ...members("autoProcs"), ...members("results"), integrations }).partial());
const programs = labelled(row("programs", { pipeline, messages, attachments, results }));
const sweeps = z.array(row("sweeps"));
const samples = z.array(label).describe("The labels of its samples, in order");

const extra: Partial<Record<KindName, Readonly<Record<string, z.ZodType>>>> = {
  sampleGroups: { samples },
  jobs: { parameters, sweeps, programs },
};

export const story = z
  .strictObject({
    name: z
      .string()
      .regex(storyName, `a name of a story is ${nameWanted}`)
      .optional()
      .describe("The name of the story, wherever its file is; without one, it is the file's name"),
    title: z.string().min(1).describe("One line, for the list of stories"),
    about: z.string().optional().describe("What the story shows, in a few sentences"),
    ...Object.fromEntries(
      sections.map((name) => [name, labelled(row(name, extra[name])).describe(kinds[name].about).optional()]),
    ),
  })
  .meta({
    title: "Story",
    description:
      "Example rows of ISPyB for processing jobs, each with a label, for the command `seed` of ispyb-migrate",
  });

/** The JSON Schema for editors. */
export function storyJsonSchema(): object {
  return z.toJSONSchema(story, { target: "draft-7", io: "input" });
}

// --- internal ---

function labelled(of: z.ZodType) {
  return z.record(label, of);
}

function row(name: KindName, more: Readonly<Record<string, z.ZodType>> = {}) {
  const optional = Object.entries(more).map(([member, type]) => [member, type.optional()]);
  return z.strictObject({ ...members(name), ...Object.fromEntries(optional) }).describe(kinds[name].about);
}

function members(name: KindName): Record<string, z.ZodType> {
  const { columns, needs = [], parents, stamp } = kinds[name];
  const shape: Record<string, z.ZodType> = {};
  for (const [member, { about, of, required }] of Object.entries(parents)) {
    const type = label.describe(
      `${about ?? `Its ${kinds[of].one.replace(/^an? /, "")}`}: the label of ${kinds[of].one}`,
    );
    shape[member] = required === true ? type : type.optional();
  }
  for (const [column, kind] of Object.entries(columns)) {
    const type = ofColumn(kind);
    shape[column] = needs.includes(column) ? type : type.optional();
  }
  if (stamp !== undefined) shape[stamp] = time.optional();
  return shape;
}

function ofColumn(kind: ColumnKind): z.ZodType {
  switch (kind) {
    case "text":
      return z.string();
    case "number":
      return z.number();
    case "whole":
      return z.int();
    case "flag":
      return z.boolean();
    case "time":
      return time;
    case "code":
      return z.union([z.string(), z.number()]);
    default:
      return z.enum(kind);
  }
}
