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
 * A type whose fields say if they are optional: otherwise a type without an optional field would be accepted for a type
 * with it. `readonly` is removed, because JSON does not know it.
 */
type Form<T> = T extends object ? { -readonly [K in keyof T]-?: [IsOptional<T, K>, Form<T[K]>] } : T;

type IsOptional<T, K extends keyof T> = object extends Pick<T, K> ? true : false;
