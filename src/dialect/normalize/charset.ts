/** The character set with three-byte utf8 as utf8mb3: MariaDB before 10.6 and MySQL before 8.0.30 call it utf8. */
export function canonicalCharset(charset: string): string {
  return charset === "utf8" ? "utf8mb3" : charset;
}

export function canonicalCollation(collation: string): string {
  return collation.replace(/^utf8_/, "utf8mb3_");
}

/** The character set of a collation, which its name begins with; `binary` is both. MariaDB's uca1400 names have none. */
export function charsetOf(collation: string): string {
  return canonicalCharset(canonicalCollation(collation).split("_", 1)[0] ?? collation);
}
