/** How long a statement worked on how much: what later statements are predicted by. The journal keeps it. */
import type { TableSize } from "../model.ts";

/** What the server does to the table: statements of one kind take a time of one kind. */
export type Work = "copy" | "rebuild" | "key" | "fill" | "other";

/** The rows of a fill are those that got a value. */
export interface Measured extends TableSize {
  readonly work: Work;
  readonly table: string;
  /** Without the waits for locks. */
  readonly seconds: number;
}

/** The same, on the server that did it. */
export interface MeasuredHere extends Measured {
  readonly node: string;
}

export function formatMeasured(measured: MeasuredHere): string {
  return JSON.stringify({ ...measured, seconds: roundSeconds(measured.seconds) });
}

/** Milliseconds are enough. */
export function roundSeconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Undefined for anything else: a later version may write more, or other things. */
export function parseMeasured(text: string | null): MeasuredHere | undefined {
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isMeasured(value) && "node" in value && typeof value.node === "string"
      ? { ...value, node: value.node }
      : undefined;
  } catch {
    return undefined;
  }
}

export function isMeasured(value: unknown): value is Measured {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map(Object.entries(value));
  const isCount = (name: string) => Number.isFinite(fields.get(name));
  return (
    isCount("rows") &&
    isCount("bytes") &&
    isCount("seconds") &&
    typeof fields.get("table") === "string" &&
    typeof fields.get("work") === "string"
  );
}
