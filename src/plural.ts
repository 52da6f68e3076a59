/** "1 step", "5,000 steps" */
export function plural(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? "" : "s"}`;
}

/** "1 row of T that was changed", from "rows of T that were changed": the first word is a plural that ends in s. */
export function counted(count: number, many: string): string {
  return `${grouped(count)} ${count === 1 ? many.replace(/^(\w+)s\b/, "$1").replace(" that were ", " that was ") : many}`;
}

/** "A", "A and B", "A, B and C" */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

// --- internal ---

/** The first use of Intl in a process takes 10 ms, and most counts are small. */
function grouped(count: number): string {
  return count < 1000 ? `${count}` : count.toLocaleString("en");
}
