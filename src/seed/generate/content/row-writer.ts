/** Writes rows one after the other: each gets the next id of its table, and times are in the server's local time. */
import type { Zone } from "../time-zone.ts";
import { Clock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { CellsAfterKey, GeneratedValue, PerTable, TableName } from "./tables.ts";
import { SECONDS_PER_SAMPLE } from "./visits.ts";

export interface GenerationRun {
  readonly randomSeed: number;
  /** Number of all samples. */
  readonly samples: number;
  /** The reference time: nothing is later, in seconds. */
  readonly at: number;
  /** The first id of each table. */
  readonly first: PerTable;
  readonly zone: Zone;
  /** Ids of rows of ProcessingPipeline, by name. */
  readonly pipelines: ReadonlyMap<string, number>;
}

/** The cells are in the order of src/seed/generate/content/tables.ts. */
export type Sink = (table: TableName, cells: readonly GeneratedValue[]) => void;

export class RowWriter {
  readonly facts: GenerationRun;
  /** Decides the values of the rows, in the order of writing. */
  readonly random: Random;
  /** The next id of each table. */
  readonly next: PerTable;
  readonly #put: Sink;
  readonly #clock: Clock;

  /** `next` is increased with every row. */
  constructor(facts: GenerationRun, random: Random, next: PerTable, put: Sink) {
    this.facts = facts;
    this.random = random;
    this.next = next;
    this.#put = put;
    this.#clock = new Clock(facts.zone);
  }

  /** Writes a row with these cells and returns its id. */
  row<T extends TableName>(table: T, ...cells: CellsAfterKey<T>): number {
    const id = this.next[table]++;
    this.#put(table, [id, ...cells]);
    return id;
  }

  /** Limits a time to the reference time: nothing lies in the future. */
  time(seconds: number): string {
    return this.#clock.spell(Math.min(seconds, this.facts.at));
  }

  /** When a sample is measured, in seconds; samples are counted from 0. */
  measured(sample: number): number {
    return this.facts.at - (this.facts.samples - sample) * SECONDS_PER_SAMPLE;
  }
}

/** The earliest moment of all, in seconds: a day before the first sample. */
export function earliest({ at, samples }: Pick<GenerationRun, "at" | "samples">): number {
  return at - samples * SECONDS_PER_SAMPLE - 86_400;
}
