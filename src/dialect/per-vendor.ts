import type { Product, Vendor, Version } from "./product.ts";

/** For each key of T, the answers of both vendors by version: a key without both does not compile. */
export type PerVendor<T> = {
  readonly [K in keyof T]: Readonly<Record<Vendor, (version: Version) => T[K]>>;
};

/** The answers for one server. */
export function answersOf<T extends object>(table: PerVendor<T>, { vendor, version }: Product): T {
  const answers: { -readonly [K in keyof T]?: T[K] } = {};
  for (const key of Object.keys(table) as (keyof T)[]) answers[key] = table[key][vendor](version);
  return answers as T;
}
