/**
 * The name of a table in the views of InnoDB, which is that of its file: characters other than letters, digits and `_`
 * of ASCII are written as their code. Some letters beyond ASCII have shorter forms there; such a table is not found by
 * this name, and a table that is not found is always restored.
 */
export function fileName(table: string): string {
  return table.replaceAll(/[^A-Za-z0-9_]/g, (character) => `@${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The name that a file name stands for. */
export function nameOfFile(file: string): string {
  return file.replaceAll(/@([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
