/** Saves tables to one file, and reports how far it came. Started by full-disk.test.ts under a limit. */
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import type { Target } from "../../src/db/db.ts";
import { MigrateError } from "../../src/errors.ts";
import { openSaveFile } from "../../src/save/save-file.ts";

const [target = "", folder = "", ...tables] = process.argv.slice(2);
await using db = await connect(JSON.parse(target) as Target);
const { dialect } = await readServer(db);
const catalog = await introspect(db, dialect);
const file = await openSaveFile(folder, db);
const saved: string[] = [];
try {
  for (const name of tables) {
    const table = catalog.tables[name];
    if (table === undefined) throw new Error(`there is no table ${name}`);
    await file.save(db, { table, name, of: "rows", where: "TRUE", title: `rows of ${name}` });
    await file.deleted();
    saved.push(name);
  }
  console.log(JSON.stringify({ saved }));
} catch (error) {
  if (!(error instanceof MigrateError)) throw error;
  const { where, found } = error.details;
  console.log(JSON.stringify({ saved, error: error.code, where, found }));
}
