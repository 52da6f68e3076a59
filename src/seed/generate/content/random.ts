/** A repeatable random generator: the seed alone decides the sequence, which can be saved and resumed. */
import { xoroshiro128plus, xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";

/** The state of a generator. */
export type RandomState = readonly number[];

export class Random {
  readonly #generator: JumpableRandomGenerator;

  private constructor(generator: JumpableRandomGenerator) {
    this.#generator = generator;
  }

  /** Generators of one seed with different streams are independent. */
  static of(seed: number, stream: number): Random {
    const generator = xoroshiro128plus(seed);
    for (let jumps = 0; jumps <= stream; jumps++) generator.jump();
    return new Random(generator);
  }

  static at(state: RandomState): Random {
    return new Random(xoroshiro128plusFromState(state));
  }

  get state(): RandomState {
    return this.#generator.getState();
  }

  /** A number from 0 to below 1, in steps of 2^-32. */
  fraction(): number {
    return (this.#generator.next() >>> 0) / 0x1_0000_0000;
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  isLucky(chance: number): boolean {
    return this.fraction() < chance;
  }

  pick<T>(among: readonly [T, ...T[]]): T {
    return among[this.whole(0, among.length - 1)] ?? among[0];
  }

  /** Picks by weights, which may have any sum. */
  pickWeighted<T>(among: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.fraction() * among.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of among) if ((left -= weight) < 0) return value;
    const last = among.at(-1);
    if (last === undefined) throw new RangeError("nothing to pick from");
    return last[1];
  }

  /** A long-tailed duration: short ones are frequent, long ones rare. */
  skewed(least: number, most: number): number {
    return Math.round(least * (most / least) ** (this.fraction() ** 2));
  }
}
