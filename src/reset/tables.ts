/** The tables of the schema `ispyb_sandbox`. Names are compared exactly, as the servers do on Linux. */

/** The schema on a server that holds test databases; that it exists is the mark of such a server. */
export const SCHEMA = "ispyb_sandbox";

const exact = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

/** What is kept for good: which databases are ours, and how each of their objects is made. */
const kept: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.content (
    id varchar(64) NOT NULL PRIMARY KEY COMMENT 'The pristine copy is the database of this name',
    source varchar(64) NOT NULL,
    charset varchar(64) NOT NULL,
    collation varchar(64) NOT NULL,
    definitions longtext NOT NULL COMMENT 'JSON: how each object is made'
  ) ENGINE=InnoDB ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.content_object (
    content varchar(64) NOT NULL,
    kind varchar(16) NOT NULL,
    name varchar(64) NOT NULL,
    details varchar(64) NULL COMMENT 'Hash of its definition, without the name of the database',
    own_changes int NULL COMMENT 'How far ALTER … AUTO_INCREMENT moves what the server counts; NULL if it was not measured',
    PRIMARY KEY (content, kind, name)
  ) ENGINE=InnoDB ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.registered (
    name varchar(64) NOT NULL PRIMARY KEY,
    content varchar(64) NOT NULL,
    account varchar(128) NOT NULL COMMENT 'May reset it',
    host varchar(255) NOT NULL
  ) ENGINE=InnoDB ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.administrator (
    name varchar(128) NOT NULL PRIMARY KEY COMMENT 'May reset every database'
  ) ENGINE=InnoDB ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.object (
    db varchar(64) NOT NULL,
    kind varchar(16) NOT NULL,
    name varchar(64) NOT NULL,
    position int NOT NULL,
    hash varchar(64) NULL,
    drop_sql text NULL,
    session_sql text NULL COMMENT 'Settings that the object keeps',
    create_sql longtext NOT NULL,
    table_id bigint unsigned NULL,
    created varchar(32) NULL COMMENT 'Or altered last',
    indexes bigint unsigned NULL COMMENT 'Ids of the indexes',
    remembered varchar(32) NULL COMMENT 'When these three were read',
    fires_on varchar(64) NULL COMMENT 'The table of a trigger that a restore of its rows would fire',
    file_name varchar(255) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'As in the views of InnoDB',
    transactional bool NULL,
    peek_sql text NULL COMMENT 'Sets @ispyb_sandbox_same: an empty table without transactions is still what it was',
    insert_sql longtext NULL COMMENT 'NULL if the table is empty',
    next_id bigint unsigned NULL COMMENT 'AUTO_INCREMENT',
    own_changes int NULL COMMENT 'That of the content',
    check_sql longtext NULL COMMENT 'Sets @ispyb_sandbox_same: the rows are what they were',
    PRIMARY KEY (db, kind, name)
  ) ENGINE=InnoDB ROW_FORMAT=DYNAMIC ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.loses_triggers (
    db varchar(64) NOT NULL,
    name varchar(64) NOT NULL COMMENT 'A table whose triggers a reset is replacing, or was when it was killed',
    PRIMARY KEY (db, name)
  ) ENGINE=InnoDB ${exact}`,
];

/** What a restart forgets. */
const forgotten: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.own_changes (
    one tinyint NOT NULL PRIMARY KEY COMMENT 'There is one row',
    total bigint NOT NULL COMMENT 'How far resets moved what the server counts'
  ) ENGINE=MEMORY ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.slow_path (
    db varchar(64) NOT NULL PRIMARY KEY,
    definitions bigint NOT NULL DEFAULT 0 COMMENT 'How often all definitions were compared',
    tables bigint NOT NULL DEFAULT 0 COMMENT 'How often only the times of tables were'
  ) ENGINE=MEMORY ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.baseline (
    db varchar(64) NOT NULL,
    name varchar(64) NOT NULL,
    file_name varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    table_id bigint unsigned NULL COMMENT 'NULL while a reset changes the table',
    counter bigint unsigned NULL,
    next_id bigint unsigned NULL,
    initialized varchar(16) NULL,
    pristine_id bigint unsigned NULL COMMENT 'next_id of object',
    taken varchar(32) NULL,
    PRIMARY KEY (db, name)
  ) ENGINE=MEMORY ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.seen_changes (
    db varchar(64) NOT NULL PRIMARY KEY,
    changes varchar(100) NOT NULL,
    forgotten varchar(32) NOT NULL
  ) ENGINE=MEMORY ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.seen (
    db varchar(64) NOT NULL,
    file_name varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    table_id bigint unsigned NOT NULL,
    initialized varchar(16) NOT NULL,
    counter bigint unsigned NOT NULL,
    next_id bigint unsigned NOT NULL,
    row_count bigint unsigned NOT NULL,
    PRIMARY KEY (db, file_name)
  ) ENGINE=MEMORY ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.seen_object (
    db varchar(64) NOT NULL,
    kind varchar(16) NOT NULL,
    name varchar(64) NOT NULL,
    hash varchar(100) NULL,
    details varchar(64) NULL,
    created varchar(32) NULL,
    updated varchar(32) NULL,
    indexes bigint unsigned NULL,
    next_id bigint unsigned NULL,
    PRIMARY KEY (db, kind, name)
  ) ENGINE=MEMORY ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.difference (
    db varchar(64) NOT NULL,
    kind varchar(16) NOT NULL,
    name varchar(64) NOT NULL,
    what varchar(16) NOT NULL,
    PRIMARY KEY (db, kind, name)
  ) ENGINE=MEMORY ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.work (
    db varchar(64) NOT NULL,
    name varchar(64) NOT NULL,
    row_count bigint unsigned NULL,
    moves_id bool NULL,
    is_truncated bool NOT NULL DEFAULT FALSE,
    PRIMARY KEY (db, name)
  ) ENGINE=MEMORY ${exact}`,
];

export const tables: readonly string[] = [...kept, ...forgotten];
