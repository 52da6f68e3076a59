import type { RemoveResult, RemovedStory } from "../seed/remove.ts";
import type { StoryOutcome } from "../seed/rows/apply.ts";
import type { SeedResult } from "../seed/seed.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";

/** Of `seed` alone: the stories of this project. */
export interface StoryListDocument {
  readonly stories: readonly { readonly name: string; readonly title: string }[];
}

export interface SeedDocument extends PlaceDocument {
  readonly stories: readonly StoryOutcome[];
}

/** Of `seed remove`. */
export interface RemoveDocument extends PlaceDocument {
  readonly stories: readonly RemovedStory[];
}

export function seedDocument({ database, server, stories }: SeedResult): SeedDocument {
  return { ...placeDocument(server, database), stories };
}

export function removeDocument({ database, server, stories }: RemoveResult): RemoveDocument {
  return { ...placeDocument(server, database), stories };
}
