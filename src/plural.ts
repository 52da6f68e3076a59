/** "1 step", "5,000 steps" */
export function plural(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? "" : "s"}`;
}

// --- internal ---

/** The first use of Intl in a process takes 10 ms, and most counts are small. */
function grouped(count: number): string {
  return count < 1000 ? `${count}` : count.toLocaleString("en");
}
