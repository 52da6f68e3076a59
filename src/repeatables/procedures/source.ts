/** The procedures that the project ships: one readable .sql file each, in migrations/procedures/. */
import { readFileSync, readdirSync } from "node:fs";
import { MigrateError } from "../../errors.ts";
import { ownProcedures } from "../../own-files.ts";

export interface ProcedureSource {
  /** Name of the procedure and of its file. */
  readonly name: string;
  /** Text of the file: comments, and one CREATE PROCEDURE with the directives of render.ts. */
  readonly text: string;
}

/** Every procedure, sorted by name. Throws CONFIGURATION for a file that does not create the procedure of its name. */
export async function loadProcedures(folder: URL = ownProcedures): Promise<ProcedureSource[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".sql"));
  // The files are small: asynchronous reads would take longer.
  return files.toSorted().map((file) => {
    const name = file.slice(0, -".sql".length);
    const text = readFileSync(new URL(file, folder), "utf8");
    if (creates(text) !== name) {
      throw new MigrateError("CONFIGURATION", `${file} in the procedures folder cannot be used`, {
        found: `no CREATE PROCEDURE ${name}`,
        next: "give the file the name of the procedure that it creates",
      });
    }
    return { name, text };
  });
}

function creates(text: string): string | undefined {
  return /^CREATE PROCEDURE (\w+)/m.exec(text)?.[1];
}
