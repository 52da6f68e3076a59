/** The three-byte utf8 is called utf8 before MariaDB 10.6 and MySQL 8.0.30, and utf8mb3 since. */
export function canonicalCharset(charset: string): string {
  return charset === "utf8" ? "utf8mb3" : charset;
}

export function canonicalCollation(collation: string): string {
  return collation.replace(/^utf8_/, "utf8mb3_");
}

/** A collation's name begins with its character set; `binary` is both. MariaDB's uca1400 ones stand alone. */
export function charsetOf(collation: string): string {
  return canonicalCharset(canonicalCollation(collation).split("_", 1)[0] ?? collation);
}
