/** What the account that a procedure runs as has to be allowed, by the text of the procedure. */
import type { Need } from "../../access/definer-rights.ts";
import { type Catalog, findOtherObject, findTable } from "../../model.ts";

/** Tables that the catalog lacks are left out: a name after FROM may be another thing. */
export function needsOf(sql: string, catalog: Catalog): Need[] {
  const text = sql.replaceAll(/--.*$/gm, "").replaceAll(/'(?:[^'\\]|\\.|'')*'/gs, "''");
  const onTables = forms.flatMap(([form, privileges]) =>
    [...text.matchAll(form)].flatMap(([, name = ""]) => {
      const table = findTable(catalog, name)?.name ?? (findOtherObject(catalog, name) === undefined ? undefined : name);
      return table === undefined ? [] : privileges.map((privilege): Need => ({ privilege, on: { table } }));
    }),
  );
  const calls = [...text.matchAll(/\bCALL (\w+)/g)].map(([, procedure = ""]) => executing(procedure));
  return [...new Map([...onTables, ...calls].map((need) => [JSON.stringify(need), need])).values()];
}

/** The right to run it, which its DEFINER needs, too. */
export function executing(procedure: string): Need {
  return { privilege: "EXECUTE", on: { procedure } };
}

// --- internal ---

/** Our own files keep to these forms. A change reads the columns that it looks for. */
const forms: readonly (readonly [form: RegExp, privileges: readonly string[]])[] = [
  [/\b(?:FROM|JOIN)\s+(\w+)/g, ["SELECT"]],
  [/\bINSERT INTO\s+(\w+)/g, ["INSERT"]],
  [/(?<!\b(?:FOR|KEY)\s+)\bUPDATE\s+(\w+)/g, ["SELECT", "UPDATE"]],
];
