/** Writes rows one after the other: each gets the next id of its table, and times are spelled by the server's clocks. */
import type { Zone } from "../time-zone.ts";
import { Clock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { CellsAfterKey, GeneratedValue, PerTable, TableName } from "./tables.ts";
import { SECONDS_PER_SAMPLE } from "./visits.ts";

export interface GenerationRun {
  readonly randomSeed: number;
  /** Samples in all. */
  readonly samples: number;
  /** The moment that nothing is later than, in seconds. */
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
  /** What the rows say follows from this, in the order in which they are written. */
  readonly random: Random;
  /** The id that comes next in each table. */
  readonly next: PerTable;
  readonly #put: Sink;
  readonly #clock: Clock;

  /** `next` is moved on with every row. */
  constructor(facts: GenerationRun, random: Random, next: PerTable, put: Sink) {
    this.facts = facts;
    this.random = random;
    this.next = next;
    this.#put = put;
    this.#clock = new Clock(facts.zone);
  }

  /** The id of the new row, whose cells these are. */
  row<T extends TableName>(table: T, ...cells: CellsAfterKey<T>): number {
    const id = this.next[table]++;
    this.#put(table, [id, ...cells]);
    return id;
  }

  /** Nothing lies in the future: the newest programs end at the moment that times count from. */
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
