import { setTimeout as pause } from "node:timers/promises";
import { connect } from "../db/connect.ts";
import type { Target } from "../db/db.ts";
import { MigrateError } from "../errors.ts";

/** Milliseconds between two attempts to connect. */
const RETRY_INTERVAL = 40;

/**
 * Waits until the server accepts a connection, which is the only reliable proof. Log lines differ by version, and a
 * port may be open long before its server answers. Returns false if `gone` returns true first, or after `seconds`.
 */
export async function answers(target: Target, seconds: number, gone: () => boolean): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!gone() && Date.now() < deadline) {
    try {
      await using _db = await connect(target, "wait");
      return true;
    } catch (error) {
      if (!(error instanceof MigrateError) || error.code !== "UNREACHABLE") throw error;
      await pause(RETRY_INTERVAL);
    }
  }
  return false;
}
