/** Names of keys: a name has no meaning, but each name may be used only once. */
import { sameName } from "../model.ts";

/** The wanted name if it is free, otherwise the first free one of NAME_2, NAME_3, … */
export function freeName(wanted: string, taken: readonly { readonly name: string }[]): string {
  const isTaken = (name: string) => taken.some((each) => sameName(each.name, name));
  let name = wanted;
  for (let number = 2; isTaken(name); number++) name = `${wanted}_${number}`;
  return name;
}

/** True for every name that `freeName` can return. */
export function isNamedAfter(name: string, wanted: string): boolean {
  return (
    sameName(name, wanted) ||
    (sameName(name.slice(0, wanted.length), wanted) && /^_\d+$/.test(name.slice(wanted.length)))
  );
}

/** The one with our name, if several mean the same; otherwise the first. */
export function preferNamed<T extends { readonly name: string }>(list: readonly T[], name: string): T | undefined {
  return (
    list.find((each) => sameName(each.name, name)) ?? list.find((each) => isNamedAfter(each.name, name)) ?? list[0]
  );
}
