import type { Zone } from "../time-zone.ts";

/** Formats moments in the local time of a time zone. Most of them are on a few days: each day is formatted once. */
export class Clock {
  readonly #zone: Zone;
  readonly #days = new Map<number, string>();

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  /** `YYYY-MM-DD hh:mm:ss` for seconds since 1970. */
  spell(seconds: number): string {
    const moment = Math.round(seconds);
    const whole = moment + this.#ahead(moment);
    const day = Math.floor(whole / DAY);
    const rest = whole - day * DAY;
    return `${this.#day(day)} ${two[Math.floor(rest / 3600)]}:${two[Math.floor(rest / 60) % 60]}:${two[rest % 60]}`;
  }

  #ahead(moment: number): number {
    for (let at = this.#zone.length - 1; at >= 0; at--) {
      const clocks = this.#zone[at];
      if (clocks !== undefined && clocks.from <= moment) return clocks.ahead;
    }
    return 0;
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
