import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Target } from "../db/db.ts";
import { MigrateError } from "../errors.ts";

/** Milliseconds between two attempts to connect: while a private server usually starts, and after that. */
const SOON = 4;
const LATER = 40;

/** Milliseconds of short waits. */
const USUAL_START = 1_000;

/**
 * Waits until the server accepts a connection, which is the only reliable proof. Log lines differ by version, and a
 * port may be open long before its server answers. Returns false if `gone` returns true first, or after `seconds`.
 */
export async function answers(target: Target, seconds: number, gone: () => boolean): Promise<boolean> {
  const begin = Date.now();
  const deadline = begin + seconds * 1000;
  // Loaded while the server starts: the driver is half of all that a start has to load.
  const { connect } = await import("../db/connect.ts");
  for (; !gone() && Date.now() < deadline; await pause(Date.now() - begin < USUAL_START ? SOON : LATER)) {
    // The socket appears when the server listens. A look at it costs a hundredth of an attempt to connect.
    if (target.socket !== undefined && !existsSync(target.socket)) continue;
    try {
      await using _db = await connect(target, "wait");
      return true;
    } catch (error) {
      if (!(error instanceof MigrateError) || error.code !== "UNREACHABLE") throw error;
    }
  }
  return false;
}
