import type { z } from "zod";

/** A schema that says what the type says, no less and no more: else the compiler refuses it. */
export function exactly<Type>() {
  return <Schema extends z.ZodType>(schema: Schema & Check<Type, z.output<Schema>>): Schema => schema;
}

// --- internal ---

type Check<Type, Described> = [Form<Type>, Form<Described>] extends [Form<Described>, Form<Type>]
  ? unknown
  : { readonly differs: [Type, Described] };

/**
 * A type in which whether a field may be left out is part of what the field is: otherwise a type that lacks the field
 * could be assigned. Whether a list may be changed is no matter of JSON.
 */
type Form<T> = T extends object ? { -readonly [K in keyof T]-?: [IsOptional<T, K>, Form<T[K]>] } : T;

type IsOptional<T, K extends keyof T> = object extends Pick<T, K> ? true : false;
