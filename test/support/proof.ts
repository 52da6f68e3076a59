/**
 * How often a test tries what chance makes, and by which seed. In the suite the seed is always the same, and
 * the tries are a tenth of a proof's. `scripts/prove` sets a new seed, and through it the whole number.
 */

/** Any number would do; a fixed one finds today what it found yesterday. */
const FIXED = 20_170_101;

const asked = (name: "ISPYB_PROVE_SEED" | "ISPYB_PROVE_RUNS"): number | undefined => {
  const word = process.env[name];
  if (word === undefined || word === "") return undefined;
  if (!/^\d{1,10}$/.test(word)) throw new Error(`${name}: ${word} is not a whole number`);
  return Number(word);
};

/** The seed of whatever chance makes in this run. */
export function seed(): number {
  return asked("ISPYB_PROVE_SEED") ?? FIXED;
}

/** How many tries a test makes whose proof takes so many. */
export function tries(proof: number): number {
  return asked("ISPYB_PROVE_RUNS") ?? (isProof() ? proof : Math.ceil(proof / 10));
}

/** True in a proof: there is time to measure. In the suite a machine may stand still, and nothing is measured. */
export function isProof(): boolean {
  return asked("ISPYB_PROVE_SEED") !== undefined;
}

/** Parameters of fast-check. */
export function chance(proof: number): { readonly seed: number; readonly numRuns: number } {
  return { seed: seed(), numRuns: tries(proof) };
}

/** The limit of a test that has so many seconds in the suite: a proof has none. */
export function limit(seconds: number): { readonly timeout: number } {
  return { timeout: isProof() ? 0 : seconds * 1000 };
}
