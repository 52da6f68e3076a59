/** Sources of stories: this project's in seeds/, and a user's own file. */
import { open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { shellWord } from "../../shell-word.ts";
import { type Details, MigrateError, messageOf } from "../../errors.ts";
import { type Hint, hint } from "../../hint.ts";
import { ownStories } from "../../own-files.ts";
import { nameWanted, storyName } from "./name.ts";
import { ownStoryNames } from "./own-stories.ts";
import { didYouMean } from "./problem.ts";

export interface StorySource {
  /** The file name without its extension: the name of the story, unless it says its own. */
  readonly name: string;
  /** The path as it was given, for messages. */
  readonly file: string;
  /** Where it is, for the record in the database: an absolute path, or seeds/NAME.yaml for a story of this project. */
  readonly origin: string;
  readonly text: string;
}

/** A story of a thousand jobs is smaller; a larger file was not written by hand. */
const LARGEST = 1_000_000;

/** A story that says its name may be in a file of any name. */
const saysItsName = /^name[ \t]*:/m;

const ownFileOfUser = hint("seed", { options: { file: "FILE" }, note: "a story of your own" });

/** `instead`: how the command that asks takes the file of a user. Throws USAGE if no story has this name. */
export async function readOwnStory(name: string, instead: Hint = ownFileOfUser): Promise<StorySource> {
  const names = ownStoryNames();
  if (!names.includes(name)) {
    throw new MigrateError("USAGE", `there is no story ${name}${didYouMean(name, names)}`, {
      wanted: names.join(", "),
      done: "nothing was changed",
      next: [hint("seed", { note: "lists the stories" }), instead],
    });
  }
  return readStoryFile(ownFile(name));
}

/** Whether this is a story of seeds/, not a user's file of the same name. */
export function isOwnStory({ name, file }: Pick<StorySource, "name" | "file">): boolean {
  return file === ownFile(name);
}

/** Whether a story of this project has this name, and this is another one. */
export function isTaken({ name, origin }: Pick<StorySource, "name" | "origin">): boolean {
  return origin !== ownOrigin(name) && ownStoryNames().includes(name);
}

/** Reads a story, relative to `folder`. Throws STORY_INVALID if it cannot be one; a large file is refused unread. */
export async function readStoryFile(file: string, folder = ""): Promise<StorySource> {
  const path = resolve(folder, file);
  const name = basename(file).replace(/\.ya?ml$/i, "");
  const origin = path === ownFile(name) ? ownOrigin(name) : path;
  const misnamed = refuseName(file, { name, origin });
  const text = await readText(file, path);
  if (misnamed !== undefined && !saysItsName.test(text)) throw misnamed;
  return { name, file, origin, text };
}

// --- internal ---

function refuseName(file: string, { name, origin }: Pick<StorySource, "name" | "origin">): MigrateError | undefined {
  if (!storyName.test(name)) {
    return rejectSource(file, "a story is named after its file, and this file name is not allowed", {
      wanted: `${nameWanted}; or a line \`name: NAME\` in the file`,
    });
  }
  if (!isTaken({ name, origin })) return undefined;
  return rejectSource(file, "a story in seeds/ already has this name", {
    wanted: "another name for the file, or a line `name: NAME` in it: rows are recorded by the name of their story",
  });
}

function ownOrigin(name: string): string {
  return `seeds/${name}.yaml`;
}

async function readText(file: string, path: string): Promise<string> {
  return decode(file, await readAll(file, path));
}

function ownFile(name: string): string {
  return fileURLToPath(new URL(`${name}.yaml`, ownStories));
}

async function readAll(file: string, path: string): Promise<Uint8Array> {
  try {
    await using handle = await open(path);
    const { size } = await regular(file, handle);
    if (size > LARGEST) {
      throw rejectSource(file, "this file is too large for a story", {
        found: `${size} bytes`,
        wanted: `at most ${LARGEST}`,
      });
    }
    return await handle.readFile();
  } catch (error) {
    if (error instanceof MigrateError) throw error;
    throw rejectSource(file, "the story cannot be read", {
      found: messageOf(error),
      next: [
        `ls -l ${shellWord(path)}`,
        ...(ownStoryNames().includes(file)
          ? [hint("seed", { args: [file], note: "or: the story of this project" })]
          : []),
      ],
    });
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

/** Refuses a pipe or a device: it has no size, and may never end. */
async function regular(file: string, handle: Handle) {
  const stat = await handle.stat();
  if (!stat.isFile())
    throw rejectSource(file, "a story must be a regular file", { found: "a directory, pipe or device" });
  return stat;
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw rejectSource(file, "a story must be UTF-8 text", { found: "bytes that are not UTF-8" });
  }
}

function rejectSource(where: string, what: string, details: Details): MigrateError {
  const next = hint("seed", {
    options: { file: where },
    note: "after you correct the file; if you renamed it, give its new name",
  });
  return new MigrateError("STORY_INVALID", what, { where, next, ...details, done: "no row was written" });
}
