/** Databases with our procedures. */
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import { renderProcedure, tablesOfProcedure } from "../../src/repeatables/procedures/render.ts";
import { loadProcedures } from "../../src/repeatables/procedures/source.ts";
import type { OwnBase } from "../../src/base/base.ts";
import { type Lane, type TestDatabase, upgradedDatabase } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";

/** A database with every migration applied and our procedures made, by a real `up`. */
export function withProcedures(lane: Lane, base: OwnBase = "official"): Promise<TestDatabase> {
  return upgradedDatabase(lane, base);
}

/** Makes them all anew, for the catalog as it is now, without the engine that replaces them. */
export async function createProcedures(test: TestDatabase): Promise<void> {
  await using db = await connect(targetOf(test));
  const sources = await loadProcedures();
  const { dialect } = await readServer(db);
  const catalog = await introspect(db, dialect, { tables: sources.flatMap(tablesOfProcedure) });
  for (const source of sources) {
    const rendered = renderProcedure(source, catalog);
    if ("missing" in rendered) throw new Error(`${source.name} needs ${rendered.missing.join(", ")}`);
    await db.run(`DROP PROCEDURE IF EXISTS ${source.name}`);
    await db.run(rendered.sql);
  }
}
