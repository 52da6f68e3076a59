import { setTimeout as pause } from "node:timers/promises";
import { connect } from "../db/connect.ts";
import type { Target } from "../db/db.ts";
import { MigrateError } from "../errors.ts";

/** How soon an unanswered connection is tried again, in milliseconds. */
const AGAIN = 40;

/**
 * Waits until the server takes a connection: the only proof that counts. Log lines come in other
 * words in every version, and a port may be open long before its server answers.
 * Returns false if `gone` says so first or `seconds` are over.
 */
export async function answers(target: Target, seconds: number, gone: () => boolean): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!gone() && Date.now() < deadline) {
    try {
      await using _db = await connect(target, "wait");
      return true;
    } catch (error) {
      if (!(error instanceof MigrateError) || error.code !== "UNREACHABLE") throw error;
      await pause(AGAIN);
    }
  }
  return false;
}
