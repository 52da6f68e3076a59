/** Times of a story: absolute, or relative to the reference time of `--at`. */

const written = String.raw`[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)?`;
const span = String.raw`(?:\s*\d{1,5}\s*(?:d|h|min|s))+`;

export const timePattern = new RegExp(`^(?:at(?:\\s*[+-]${span})?|${written})$`);

const seconds: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, min: 60, s: 1 };

/** `YYYY-MM-DD hh:mm:ss` of a time in the form above; undefined if the date does not exist. */
export function readTime(text: string, at: string): string | undefined {
  const relative = /^at\s*(?<sign>[+-])?(?<span>.*)$/s.exec(text)?.groups;
  if (relative === undefined) return readDate(text);
  const parts = [...(relative["span"] ?? "").matchAll(/(\d+)\s*(d|h|min|s)/g)];
  const total = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (seconds[unit ?? ""] ?? 0), 0);
  const moment = Date.parse(`${at.replace(" ", "T")}Z`) + (relative["sign"] === "-" ? -total : total) * 1_000;
  return formatTime(new Date(moment));
}

/** The same for a date of `--at`. */
export function readDate(text: string): string | undefined {
  if (!new RegExp(`^${written}$`).test(text)) return undefined;
  const full = `${text.replace(" ", "T")}${text.length === 10 ? "T00:00:00" : text.length === 16 ? ":00" : ""}Z`;
  const date = new Date(full);
  // 31 April does not exist, and becomes 1 May.
  return Number.isNaN(date.getTime()) || formatTime(date).slice(0, 10) !== text.slice(0, 10)
    ? undefined
    : formatTime(date);
}

/**
 * The value of `--at`: a time by the server's clock, as `readDate` gives it; or, with Z or an offset, a moment as
 * `2026-03-01T10:00:00Z`, which only the server can convert to its time zone.
 */
export function readMoment(text: string): string | undefined {
  const { time = text, sign, hours, minutes } = zoned.exec(text)?.groups ?? {};
  const date = readDate(time);
  if (date === undefined || time === text) return date;
  const ahead = sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  const moment = new Date(Date.parse(`${date.replace(" ", "T")}Z`) - ahead * 60_000);
  return `${formatTime(moment).replace(" ", "T")}Z`;
}

/** A fraction of a second is cut off: the columns have none. */
const zoned =
  /^(?<time>\S+[ T]\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(?:[Zz]|(?<sign>[+-])(?<hours>0\d|1[0-4]):?(?<minutes>[0-5]\d))$/;

function formatTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace("T", " ");
}
