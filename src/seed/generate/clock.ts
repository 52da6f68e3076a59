/** Moments as text. Of millions, most lie on a few days: each day is spelled once. */
export class Clock {
  readonly #days = new Map<number, string>();

  /** `YYYY-MM-DD hh:mm:ss` of these seconds since 1970. */
  spell(seconds: number): string {
    const whole = Math.round(seconds);
    const day = Math.floor(whole / DAY);
    const rest = whole - day * DAY;
    return `${this.#day(day)} ${two[Math.floor(rest / 3600)]}:${two[Math.floor(rest / 60) % 60]}:${two[rest % 60]}`;
  }

  #day(day: number): string {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    const spelled = new Date(day * DAY * 1000).toISOString().slice(0, 10);
    this.#days.set(day, spelled);
    return spelled;
  }
}

const DAY = 86_400;

const two = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));
