/** Names of keys: what something is called means nothing, but no two may be called the same. */
import { sameName } from "../model.ts";

/** The wanted name, or the first of NAME_2, NAME_3, … that nobody has. */
export function freeName(wanted: string, taken: readonly { readonly name: string }[]): string {
  const isTaken = (name: string) => taken.some((each) => sameName(each.name, name));
  let name = wanted;
  for (let number = 2; isTaken(name); number++) name = `${wanted}_${number}`;
  return name;
}

/** True for every name that `freeName` may give. */
export function isNamedAfter(name: string, wanted: string): boolean {
  return (
    sameName(name, wanted) ||
    (sameName(name.slice(0, wanted.length), wanted) && /^_\d+$/.test(name.slice(wanted.length)))
  );
}

/** Of several that mean the same, the one of our name. */
export function preferNamed<T extends { readonly name: string }>(list: readonly T[], name: string): T | undefined {
  return (
    list.find((each) => sameName(each.name, name)) ?? list.find((each) => isNamedAfter(each.name, name)) ?? list[0]
  );
}
