/** Chance that can be repeated: what comes next follows from the seed alone, and can be taken up again. */
import { xoroshiro128plus, xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";

/** Where a generator stands. */
export type RandomState = readonly number[];

export class Random {
  readonly #generator: JumpableRandomGenerator;

  private constructor(generator: JumpableRandomGenerator) {
    this.#generator = generator;
  }

  /** Generators of one seed and of other streams have nothing in common. */
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

  /** From 0 to below 1, in steps of 2^-32. */
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

  /** By weights, which need not add up to anything. */
  pickWeighted<T>(among: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.fraction() * among.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of among) if ((left -= weight) < 0) return value;
    const last = among.at(-1);
    if (last === undefined) throw new RangeError("nothing to pick from");
    return last[1];
  }

  /** Short things are frequent and long ones rare: the tail of a day at a beamline. */
  skewed(least: number, most: number): number {
    return Math.round(least * (most / least) ** (this.fraction() ** 2));
  }
}
