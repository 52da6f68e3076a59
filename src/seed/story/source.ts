/** Sources of stories: this project's in seeds/, and a user's own file. */
import { open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Details, MigrateError, messageOf } from "../../errors.ts";
import { hint } from "../../hint.ts";
import { ownStories } from "../../own-files.ts";
import { ownStoryNames } from "./own-stories.ts";
import { didYouMean } from "./problem.ts";

export interface StorySource {
  /** The file name without its extension: the database records rows by it. */
  readonly name: string;
  /** The path as it was given, for messages. */
  readonly file: string;
  readonly text: string;
}

/** A story of a thousand jobs is smaller; a larger file was not written by hand. */
const LARGEST = 1_000_000;

const storyName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** Subcommands of `seed`, and names of generated jobs. */
const reserved = /^(?:remove|generate|generated-\d+)$/;

/** Throws USAGE if no story has this name. */
export async function readOwnStory(name: string): Promise<StorySource> {
  const names = ownStoryNames();
  if (!names.includes(name)) {
    throw new MigrateError("USAGE", `there is no story ${name}${didYouMean(name, names)}`, {
      wanted: names.join(", "),
      done: "nothing was changed",
      next: [
        hint("seed", { note: "lists the stories" }),
        hint("seed", { options: { file: "FILE" }, note: "a story of your own" }),
      ],
    });
  }
  return readStoryFile(ownFile(name));
}

/** Whether this is a story of seeds/, not a user's file of the same name. */
export function isOwnStory({ name, file }: Omit<StorySource, "text">): boolean {
  return file === ownFile(name);
}

/** Reads a story, relative to `folder`. Throws STORY_INVALID if it cannot be one; a large file is refused unread. */
export async function readStoryFile(file: string, folder = ""): Promise<StorySource> {
  const path = resolve(folder, file);
  const name = basename(file).replace(/\.ya?ml$/i, "");
  if (!storyName.test(name) || reserved.test(name)) {
    throw rejectSource(file, "a story is named after its file, and this file name is not allowed", {
      wanted: `letters, digits, _ and -, at most 100 characters; not remove, generate or generated-N`,
    });
  }
  if (path !== ownFile(name) && ownStoryNames().includes(name)) {
    throw rejectSource(file, "a story in seeds/ already has this name", {
      wanted: "another name for the file: rows are recorded by the name of their story",
    });
  }
  return { name, file, text: decode(file, await readAll(file, path)) };
}

// --- internal ---

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
  return new MigrateError("STORY_INVALID", what, { where, ...details, done: "no row was written" });
}
