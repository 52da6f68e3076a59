/** Ten migrations of a facility: new tables and columns, rows, a procedure and a trigger; .ts, .js and .sql. */
import { type FacilityFolder, facilityFolder, migrationFile, newColumn } from "./folder.ts";

const ONLINE = ", ALGORITHM=INPLACE, LOCK=NONE";

const files = {
  "2025_01_01_queue.sql": `-- A queue of the beamline.
CREATE TABLE dlsQueue (dlsQueueId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(40) NOT NULL) ENGINE=InnoDB;
INSERT INTO dlsQueue (name) VALUES ('fast'), ('slow');
`,
  "2025_01_01_queue.down.sql": "DELETE FROM dlsQueue WHERE name IN ('fast', 'slow');\nDROP TABLE dlsQueue;\n",
  "2025_01_02_priority.ts": newColumn("ProcessingJob", "dlsPriority", "int unsigned"),
  "2025_01_03_note.js": newColumn("ProcessingJob", "dlsNote"),
  "2025_01_04_weight.ts": newColumn("dlsQueue", "dlsWeight", "int unsigned"),
  "2025_01_05_default_weight.sql": "UPDATE dlsQueue SET dlsWeight = 5;\n",
  "2025_01_05_default_weight.down.sql": "UPDATE dlsQueue SET dlsWeight = NULL;\n",
  "2025_01_06_priority_index.ts": migrationFile('addIndex("ProcessingJob", key("dlsPriority_idx", "dlsPriority"))'),
  "2025_01_07_next.sql": `DELIMITER //
CREATE PROCEDURE dls_next(OUT p_name varchar(40))
BEGIN
  SELECT name INTO p_name FROM dlsQueue ORDER BY dlsQueueId LIMIT 1;
END//
CREATE TRIGGER dls_before BEFORE INSERT ON dlsQueue FOR EACH ROW SET NEW.name = TRIM(NEW.name)//
`,
  "2025_01_07_next.down.sql": "DROP TRIGGER dls_before;\nDROP PROCEDURE dls_next;\n",
  "2025_01_08_log.js": migrationFile(
    'createTable("dlsLog", { columns: [serial("dlsLogId"), column("line", "varchar(200)")], indexes: [primary("dlsLogId")], foreignKeys: [] })',
  ),
  "2025_01_09_alter.sql": `SET foreign_key_checks = 0;
ALTER TABLE dlsQueue ADD COLUMN dlsGroup varchar(10)${ONLINE};
CREATE INDEX dlsGroup_idx ON dlsQueue (dlsGroup) ALGORITHM=INPLACE LOCK=NONE;
`,
  "2025_01_09_alter.down.sql": `ALTER TABLE dlsQueue DROP INDEX dlsGroup_idx${ONLINE};
ALTER TABLE dlsQueue DROP COLUMN dlsGroup${ONLINE};
`,
  "2025_01_10_level.mjs": newColumn("dlsLog", "dlsLevel", "varchar(10)"),
};

/** Their names in the journal, in order. */
export const tenNames = Object.keys(files)
  .filter((file) => !file.endsWith(".down.sql"))
  .map((file) => `dls/${file.replace(/\.\w+$/, "")}`);

export function tenMigrations(): Promise<FacilityFolder> {
  return facilityFolder(files);
}
