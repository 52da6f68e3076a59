/** What a server counts of changes, and of the ids of indexes: how a reset knows what a test has touched. */

/** Statements that change a definition or the statistics. */
export const countedStatements = {
  view: "information_schema.GLOBAL_STATUS",
  condition:
    "REGEXP '^(COM_((ALTER|CREATE|DROP|RENAME)_(?!TEMPORARY|USER|ROLE|SERVER)|(TRUNCATE|ANALYZE|OPTIMIZE|REPAIR|FLUSH)$)" +
    "|TABLE_OPEN_CACHE_OVERFLOWS$)'",
};

export const countedDictionaryRows = {
  view: "performance_schema.global_status",
  condition:
    "IN ('Innodb_system_rows_inserted', 'Innodb_system_rows_updated', 'Innodb_system_rows_deleted', 'Flush_commands', " +
    "'Table_open_cache_overflows')",
};

/** SQL that reads the file of each table with the ids of its indexes as one number, from these views of information_schema. */
export function indexIdsFrom(tables: string, indexes: string): string {
  return (
    "SELECT t.NAME AS file_name, SUM(CRC32(CONCAT_WS('|', i.INDEX_ID, i.NAME))) AS ids " +
    `FROM information_schema.${tables} t JOIN information_schema.${indexes} i ON i.TABLE_ID = t.TABLE_ID GROUP BY t.NAME`
  );
}
