/** What is done to any table: columns, keys and options of the facility's own. */
import { type Change, harmful, harmless } from "./change.ts";
import { LOG } from "./kept.ts";

/** A table of theirs or ours, with a text and a number to work on. */
interface Subject {
  readonly table: string;
  readonly key: string;
  readonly words: string;
  readonly number: string;
  /** Of the key, where it is no int unsigned. */
  readonly type?: string;
}

const subjects: readonly Subject[] = [
  {
    table: "AutoProcProgram",
    key: "autoProcProgramId",
    words: "processingPrograms",
    number: "recordTimeStamp",
  },
  {
    table: "AutoProcProgramAttachment",
    key: "autoProcProgramAttachmentId",
    words: "fileName",
    number: "autoProcProgramId",
  },
  {
    table: "AutoProcProgramMessage",
    key: "autoProcProgramMessageId",
    words: "message",
    number: "autoProcProgramId",
  },
  { table: "ProcessingJob", key: "processingJobId", words: "recipe", number: "dataCollectionId" },
  {
    table: "ProcessingJobParameter",
    key: "processingJobParameterId",
    words: "parameterKey",
    number: "processingJobId",
  },
  {
    table: "ProcessingJobImageSweep",
    key: "processingJobImageSweepId",
    words: "startImage",
    number: "endImage",
  },
  { table: "DataCollection", key: "dataCollectionId", words: "imagePrefix", number: "numberOfImages" },
  {
    table: "DataCollectionGroup",
    key: "dataCollectionGroupId",
    words: "comments",
    number: "sessionId",
    type: "int",
  },
  { table: "SchemaStatus", key: "schemaStatusId", words: "scriptName", number: "schemaStatusId", type: "int" },
];

export const tableChanges: readonly Change[] = subjects.flatMap((subject) => [
  ...columns(subject),
  ...keys(subject),
  ...options(subject),
  ...restraints(subject),
]);

function columns({ table, words, key }: Subject): Change[] {
  const add = (what: string, definition: string) =>
    harmless(`${table}: own column, ${what}`, `ALTER TABLE ${table} ADD ${definition}`);
  const hidden = `ALTER TABLE ${table} ADD hiddenNote varchar(20) INVISIBLE`;
  return [
    add("a text", "ticket varchar(20) DEFAULT NULL"),
    add("NOT NULL", "weight int NOT NULL DEFAULT 0"),
    add("first of all", "firstOfAll int FIRST"),
    add("JSON", "extras json"),
    add("enum of utf8mb4", "mood enum('good','bad','à') CHARACTER SET utf8mb4"),
    add("with a time that follows", "changedAt timestamp NULL ON UPDATE current_timestamp"),
    add("default by function", "label varchar(40) DEFAULT (concat('a', 'b'))"),
    add("virtual", `shortWords varchar(10) AS (left(${words}, 10)) VIRTUAL`),
    add("stored", `storedWords varchar(10) AS (left(${words}, 10)) STORED`),
    add("with a CHECK", "level int CHECK (level > 0)"),
    add("with an odd name", "`order by` int COMMENT 'it''s \\\\ odd'"),
    harmless(`${table}: own column, invisible`, hidden),
    harmless(`${table}: own column, compressed`, { mariadb: `ALTER TABLE ${table} ADD body text COMPRESSED` }),
    harmless(`${table}: a column added and dropped`, [
      `ALTER TABLE ${table} ADD passing int FIRST`,
      `ALTER TABLE ${table} DROP COLUMN passing`,
    ]),
    harmless(`${table}: other comment of its key's neighbour`, `ALTER TABLE ${table} COMMENT 'of ${key}; not ours'`),
  ];
}

function keys({ table, words, number }: Subject): Change[] {
  const add = (what: string, definition: string, ok = true): Change => ({
    name: `${table}: own key, ${what}`,
    sql: `ALTER TABLE ${table} ADD ${definition}`,
    harmless: ok,
  });
  return [
    add("plain", `KEY byNumber (${number}, ${words})`),
    add("with a prefix", `KEY byStart (${words}(5))`),
    harmless(`${table}: own key, descending`, `ALTER TABLE ${table} ADD KEY byLast (${number} DESC)`),
    harmless(`${table}: own key that the optimizer may not use`, {
      mariadb: `ALTER TABLE ${table} ADD KEY resting (${words}) IGNORED`,
      mysql: `ALTER TABLE ${table} ADD KEY resting (${words}) INVISIBLE`,
    }),
    harmless(`${table}: own key, of an expression`, {
      mysql: `ALTER TABLE ${table} ADD KEY byLower ((lower(${words})))`,
    }),
    harmless(`${table}: own key, on a virtual column`, [
      `ALTER TABLE ${table} ADD v1 varchar(50) AS (left(${words}, 50)) VIRTUAL, ADD KEY kv1 (v1)`,
    ]),
    harmless(`${table}: own key, full text`, `ALTER TABLE ${table} ADD FULLTEXT KEY inWords (${words})`),
    harmless(`${table}: own key, full text, dropped again`, [
      `ALTER TABLE ${table} ADD FULLTEXT KEY inWords (${words})`,
      `ALTER TABLE ${table} DROP KEY inWords`,
    ]),
    harmless(`${table}: own key, long and unique`, {
      mariadb: `ALTER TABLE ${table} ADD note text, ADD UNIQUE KEY un (note)`,
    }),
  ];
}

function options({ table }: Subject): Change[] {
  return [
    harmless(`${table}: charset of the table utf8mb4`, `ALTER TABLE ${table} DEFAULT CHARACTER SET utf8mb4`),
    harmless(`${table}: converted to utf8mb4`, `ALTER TABLE ${table} CONVERT TO CHARACTER SET utf8mb4`),
    harmless(`${table}: row format compressed`, `ALTER TABLE ${table} ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8`),
    harmless(`${table}: row format redundant`, `ALTER TABLE ${table} ROW_FORMAT=REDUNDANT`),
    harmless(`${table}: pages compressed`, { mariadb: `ALTER TABLE ${table} PAGE_COMPRESSED=1` }),
    harmless(`${table}: next number far away`, `ALTER TABLE ${table} AUTO_INCREMENT=70000`),
    harmless(`${table}: statistics kept`, `ALTER TABLE ${table} STATS_PERSISTENT=1, STATS_SAMPLE_PAGES=64`),
    harmful(`${table}: another engine`, `ALTER TABLE ${table} ENGINE=MyISAM`),
    harmful(`${table}: partitions`, `ALTER TABLE ${table} PARTITION BY KEY () PARTITIONS 2`),
    harmful(`${table}: history of rows`, { mariadb: `ALTER TABLE ${table} ADD SYSTEM VERSIONING` }),
  ];
}

function restraints({ table, key, number, words, type }: Subject): Change[] {
  const trigger = (when: string, body: string) =>
    `CREATE TRIGGER ${table}_${when.replace(" ", "_")} ${when} ON ${table} FOR EACH ROW ${body}`;
  const log = `CREATE TABLE IF NOT EXISTS ${LOG} (id int AUTO_INCREMENT PRIMARY KEY, told varchar(100))`;
  return [
    harmless(`${table}: a CHECK`, `ALTER TABLE ${table} ADD CONSTRAINT ${table}_ck CHECK (${words} <> 'never')`),
    harmless(`${table}: a trigger that writes a log`, [
      log,
      trigger("AFTER INSERT", `INSERT INTO ${LOG} (told) VALUES (concat('new ', NEW.${key}))`),
      trigger("AFTER DELETE", `INSERT INTO ${LOG} (told) VALUES (concat('gone ', OLD.${key}))`),
    ]),
    harmless(`${table}: a trigger that changes a value`, trigger("BEFORE UPDATE", `SET NEW.${key} = OLD.${key}`)),
    harmless(`${table}: a view of everything`, `CREATE VIEW ${table}_all AS SELECT * FROM ${table}`),
    harmless(
      `${table}: a view of two columns`,
      `CREATE SQL SECURITY INVOKER VIEW ${table}_two AS SELECT ${key}, ${number} AS n FROM ${table}`,
    ),
    harmless(`${table}: a child of the facility`, [
      `CREATE TABLE ${table}Note (noteId int unsigned AUTO_INCREMENT PRIMARY KEY, parentId ${type ?? "int unsigned"}, note text,
         CONSTRAINT ${table}Note_fk FOREIGN KEY (parentId) REFERENCES ${table} (${key}) ON DELETE CASCADE)`,
      `INSERT INTO ${table}Note (parentId, note) SELECT min(${key}), 'first' FROM ${table}`,
    ]),
  ];
}
