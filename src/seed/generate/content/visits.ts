/** The proposal that all generated data belong to, its proteins, and its visits: their names, their folders, and when they are. */

/** Number of samples in one visit. */
export const SAMPLES_PER_VISIT = 100;

/** Seconds of an image. */
export const EXPOSURE = 0.02;

/** Seconds from one sample to the next: more than the longest takes, which is four data collections of 3600 images. */
export const SECONDS_PER_SAMPLE = 300;

export const proteins = [
  { name: "Lysozyme", acronym: "LYS", spaceGroup: "P43212", cell: [78.9, 78.9, 38.1, 90, 90, 90] },
  { name: "Thaumatin", acronym: "THAU", spaceGroup: "P41212", cell: [57.8, 57.8, 150.2, 90, 90, 90] },
  { name: "Insulin", acronym: "INS", spaceGroup: "I213", cell: [78, 78, 78, 90, 90, 90] },
  { name: "Thermolysin", acronym: "TLN", spaceGroup: "P6122", cell: [92.8, 92.8, 128.5, 90, 90, 120] },
  { name: "Proteinase K", acronym: "PRK", spaceGroup: "P43212", cell: [67.9, 67.9, 102.5, 90, 90, 90] },
  { name: "A selenium protein", acronym: "SEL", spaceGroup: "C2", cell: [104.2, 38.7, 61.1, 90, 112.4, 90] },
] as const;

export function proteinOf(kind: number) {
  return proteins[kind] ?? proteins[0];
}

export const BEAMLINE = "i04";

/** Two letters: services take a proposal apart after them. */
export const PROPOSAL_CODE = "nt";

/**
 * The number of the proposal: digits alone, because SynchWeb and services of beamlines know a visit by letters, digits,
 * a dash and digits. Five digits for the seeds that people choose, and above those that facilities have given.
 */
export function proposalNumber(randomSeed: number): string {
  return String(FIRST_NUMBER + randomSeed);
}

/** Its folder: dlstbx reads beamline, year and visit from it. `start` is its first day, by the server's clock. */
export function visitFolder(randomSeed: number, visit: number, start: string): string {
  return `/dls/${BEAMLINE}/data/${start.slice(0, 4)}/${PROPOSAL_CODE}${proposalNumber(randomSeed)}-${visit}`;
}

/** Number of visits for this number of samples. */
export function visitsOf(samples: number): number {
  return Math.ceil(samples / SAMPLES_PER_VISIT);
}

// --- internal ---

const FIRST_NUMBER = 90_000;
