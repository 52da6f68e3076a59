import type { SettleResult } from "../migrate/settle.ts";
import type { Matter } from "../plan/settlement.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";

/** Of `accept` and `forget`. */
export interface SettleDocument extends PlaceDocument {
  readonly name: string;
  /** What was the matter with it. */
  readonly matter: Matter;
  /** What was recorded, in one sentence. */
  readonly what: string;
  readonly reason: string;
}

export function settleDocument({ name, matter, what, database, server }: SettleResult, reason: string): SettleDocument {
  return { ...placeDocument(server, database), name, matter, what, reason };
}
