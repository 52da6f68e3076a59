/**
 * The columns that the statements of a procedure name, beside those whose types it takes. A server creates a procedure
 * without looking for them: the first call would fail. Our own files keep to these forms: `Table AS alias` with
 * `alias.column`, `INSERT INTO Table (columns)`, `FROM Table WHERE column`.
 */
export interface UsedColumn {
  readonly table: string;
  readonly column: string;
}

/** Of the text without comments, each once. */
export function columnsUsed(text: string): UsedColumn[] {
  const used = [...byAlias(text), ...inserted(text), ...searched(text)];
  return [...new Map(used.map((each) => [`${each.table}.${each.column}`, each])).values()];
}

// --- internal ---

/** `FROM ProcessingJob AS job` and each `job.recipe`: an alias has one meaning in a file. */
function byAlias(text: string): UsedColumn[] {
  return [...text.matchAll(/\b(?:FROM|JOIN)\s+(\w+)\s+AS\s+(\w+)/g)].flatMap(([, table = "", alias = ""]) =>
    [...text.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, "g"))].map(([, column = ""]) => ({ table, column })),
  );
}

function inserted(text: string): UsedColumn[] {
  return [...text.matchAll(/\bINSERT INTO\s+(\w+)\s*\(([^)]*)\)/g)].flatMap(([, table = "", names = ""]) =>
    names.split(",").map((name) => ({ table, column: name.trim() })),
  );
}

function searched(text: string): UsedColumn[] {
  return [...text.matchAll(/\bFROM\s+(\w+)\s+WHERE\s+(\w+)\b(?!\s*\()/g)].map(([, table = "", column = ""]) => ({
    table,
    column,
  }));
}
