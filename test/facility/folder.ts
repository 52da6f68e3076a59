/** Folders of a facility's migrations. */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../support/folder.ts";

export interface FacilityFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file that only its owner may change. */
  write(name: string, text: string | Buffer): Promise<void>;
}

/** A folder with these files, by their names. */
export async function facilityFolder(files: Readonly<Record<string, string>> = {}): Promise<FacilityFolder> {
  const folder = await temporaryFolder();
  const own = {
    ...folder,
    async write(name: string, text: string | Buffer) {
      const path = join(folder.path, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      await writeFile(path, text);
      await chmod(path, 0o644);
    },
  };
  for (const [name, text] of Object.entries(files)) await own.write(name, text);
  return own;
}

/** A migration with these steps, as a facility writes it. */
export function migrationFile(steps: string, why = "The facility wants it."): string {
  return `import { addColumn, addIndex, column, createTable, key, migration, primary, serial } from "ispyb-migrate/migration";

export default migration({ why: ${JSON.stringify(why)}, upstream: [], steps: [${steps}] });
`;
}

/** One new column of an ISPyB table. */
export function newColumn(table: string, name: string, type = "varchar(40)"): string {
  return migrationFile(`addColumn(${JSON.stringify(table)}, column(${JSON.stringify(name)}, ${JSON.stringify(type)}))`);
}
