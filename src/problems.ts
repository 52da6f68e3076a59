import { type Details, type ErrorCode, MigrateError, asList } from "./errors.ts";
import type { Next } from "./hint.ts";

/** Problems of the command line and the configuration, reported all together. */
export class Problems {
  readonly #problems: MigrateError[] = [];

  add(code: ErrorCode, what: string, details: Details = {}): void {
    this.#problems.push(new MigrateError(code, what, details));
  }

  /** Collects the MigrateError that `read` throws. */
  collect<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MigrateError)) throw error;
      this.#problems.push(error);
      return undefined;
    }
  }

  /** Throws what was collected; several problems under the code of the first. */
  throwAny(): void {
    const [first, ...others] = this.#problems;
    if (first === undefined) return;
    if (others.length === 0) throw first;
    throw new MigrateError(first.code, `${this.#problems.length} problems with the options`, {
      found: this.#problems.map(({ message, details }, at) => {
        const facts = [details.where, ...asList(details.found)].filter((fact) => fact !== undefined);
        const wanted = asList(details.wanted).map((each) => `; wanted: ${each}`);
        return `${at + 1}. ${facts.length === 0 ? message : `${message} (${facts.join(", ")})`}${wanted.join("")}`;
      }),
      next: this.#problems.flatMap(({ details }, at) => numbered(asList(details.next), at + 1)),
    });
  }
}

/** What to do about one problem of several: its number stands before the first line. A command stays as it is. */
function numbered(next: readonly Next[], number: number): Next[] {
  return next.map((each, at) => (typeof each === "string" ? `${at === 0 ? `${number}.` : "  "} ${each}` : each));
}
