const units = ["bytes", "kB", "MB", "GB", "TB"];

/** "512 bytes", "1.5 GB": powers of 1,000, two digits where the first is small. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
