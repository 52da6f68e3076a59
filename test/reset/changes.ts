/** What a test may do to a database, by chance. Each change is SQL of one session; the ones by name end in a named error on some servers. */
import type { Connection } from "mysql2/promise";

export interface Change {
  readonly name: string;
  /** True for what some servers can only put back by making the database again. */
  readonly wholeOnly?: boolean;
  readonly run: (session: Connection, other: Connection, pick: Pick) => Promise<void>;
}

/** Chooses by chance. */
export interface Pick {
  readonly one: <T>(list: readonly T[]) => T;
  readonly below: (limit: number) => number;
}

/** Tables that a job test touches, with a column of text. */
const tables = [
  ["ProcessingPipelineCategory", "name"],
  ["ProcessingPipeline", "name"],
  ["ProcessingJob", "displayName"],
  ["ProcessingJobParameter", "parameterKey"],
  ["AutoProcProgram", "processingCommandLine"],
  ["AutoProcProgramMessage", "message"],
] as const;

const statements =
  (...sqls: readonly string[]): Change["run"] =>
  async (session) => {
    for (const sql of sqls) await session.query(sql);
  };

const insertCategory = "INSERT INTO ProcessingPipelineCategory (name) VALUES ('mine')";

export const changes: readonly Change[] = [
  {
    name: "insert",
    run: async (session, _, { below }) => {
      for (let n = below(4); n >= 0; n--)
        await session.query("INSERT INTO AutoProcProgram (processingCommandLine) VALUES ('x')");
    },
  },
  { name: "insert a lookup row", run: statements(insertCategory) },
  {
    name: "update",
    run: async (session, _, { one }) => {
      const [table, column] = one(tables);
      await session.query(`UPDATE ${table} SET ${column} = CONCAT('n', FLOOR(RAND() * 1000000000))`);
    },
  },
  {
    name: "delete",
    run: async (session, _, { one }) => {
      await session.query("SET foreign_key_checks = 0");
      await session.query(`DELETE FROM ${one(tables)[0]}`);
      await session.query("SET foreign_key_checks = 1");
    },
  },
  {
    name: "cascade",
    run: statements(
      "INSERT INTO ProcessingJob (processingJobId, displayName) VALUES (900, 'x')",
      "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey) VALUES (900, 'k')",
      "DELETE FROM ProcessingJob WHERE processingJobId = 900",
    ),
  },
  { name: "set null", run: statements("UPDATE ProcessingPipeline SET processingPipelineCategoryId = NULL") },
  {
    name: "truncate",
    run: async (session, _, { one }) => {
      await session.query("SET foreign_key_checks = 0");
      await session.query(`TRUNCATE ${one(tables)[0]}`);
      await session.query("SET foreign_key_checks = 1");
    },
  },
  { name: "rollback", run: statements("START TRANSACTION", insertCategory, "ROLLBACK") },
  {
    name: "update and analyze",
    run: statements(
      "UPDATE ProcessingPipelineCategory SET name = CONCAT(name, 'x')",
      "ANALYZE TABLE ProcessingPipelineCategory",
    ),
  },
  {
    name: "insert, delete and optimize",
    run: statements(
      insertCategory,
      "DELETE FROM ProcessingPipelineCategory WHERE name = 'mine'",
      "OPTIMIZE TABLE ProcessingPipelineCategory",
    ),
  },
  {
    name: "update, repair and read",
    run: statements(
      "UPDATE ProcessingPipelineCategory SET name = CONCAT(name, 'y')",
      "REPAIR TABLE ProcessingPipelineCategory",
      "SELECT * FROM ProcessingPipelineCategory",
    ),
  },
  { name: "counter moved", run: statements("ALTER TABLE ProcessingJob AUTO_INCREMENT = 5000") },
  {
    name: "two writes in one second",
    run: statements(insertCategory, "DELETE FROM ProcessingPipelineCategory WHERE name = 'mine'"),
  },
  {
    name: "another connection",
    run: async (_, other) => {
      await other.query(insertCategory);
    },
  },
  {
    name: "left open",
    run: async (_, other) => {
      await other.query("START TRANSACTION");
      await other.query(insertCategory);
    },
  },
  {
    name: "a procedure",
    run: statements("CALL upsert_processing_program_v2(@id, 'x', 'p', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"),
  },
  {
    name: "MyISAM",
    run: statements("INSERT INTO Flat (name) VALUES ('mine')", "UPDATE Flat SET name = 'changed' WHERE id = 1"),
  },
  {
    name: "add a column",
    run: async (session, _, { one }) => {
      await session.query(`ALTER TABLE ${one(tables)[0]} ADD COLUMN mine int`);
    },
  },
  { name: "add an index", run: statements("CREATE INDEX mine ON ProcessingJob (displayName)") },
  {
    name: "drop an index and add it again",
    run: statements("ALTER TABLE Flat DROP INDEX by_name", "ALTER TABLE Flat ADD INDEX by_name (name)"),
  },
  { name: "comment of a table", run: statements("ALTER TABLE ProcessingJob COMMENT 'mine'") },
  { name: "comment of MyISAM", run: statements("ALTER TABLE Flat COMMENT 'mine'") },
  {
    name: "drop a table",
    run: async (session, _, { one }) => {
      await session.query("SET foreign_key_checks = 0");
      await session.query(`DROP TABLE ${one(tables)[0]}`);
      await session.query("SET foreign_key_checks = 1");
    },
  },
  {
    name: "new table",
    run: statements("CREATE TABLE mine (id int)", "CREATE TEMPORARY TABLE ProcessingPipelineCategory (id int)"),
  },
  {
    name: "two tables exchanged",
    run: statements(
      "RENAME TABLE ProcessingJobParameter TO hold, ProcessingJobImageSweep TO ProcessingJobParameter, hold TO ProcessingJobImageSweep",
    ),
  },
  { name: "view altered", run: statements("CREATE OR REPLACE VIEW notes AS SELECT 1 AS one") },
  {
    name: "algorithm of a view",
    run: statements("CREATE OR REPLACE ALGORITHM=MERGE VIEW notes AS SELECT comments FROM DataCollection"),
  },
  { name: "view dropped", run: statements("DROP VIEW notes") },
  { name: "new view", run: statements("CREATE VIEW mine_too AS SELECT 1 AS one") },
  { name: "trigger dropped", wholeOnly: true, run: statements("DROP TRIGGER stamped") },
  {
    name: "new trigger",
    wholeOnly: true,
    run: statements(
      "CREATE TRIGGER mine BEFORE INSERT ON ProcessingJob FOR EACH ROW SET NEW.displayName = 'x'",
      "INSERT INTO ProcessingJob (recipe) VALUES ('x')",
    ),
  },
  { name: "procedure dropped", wholeOnly: true, run: statements("DROP PROCEDURE upsert_processing_job") },
  {
    name: "procedure changed",
    wholeOnly: true,
    run: statements("DROP PROCEDURE one_more", "CREATE PROCEDURE one_more (IN p_a bigint) SELECT p_a"),
  },
  {
    name: "new function",
    wholeOnly: true,
    run: statements("CREATE FUNCTION mine () RETURNS int DETERMINISTIC RETURN 1"),
  },
  { name: "event changed", wholeOnly: true, run: statements("ALTER EVENT nightly COMMENT 'mine'") },
  { name: "defaults of the database", wholeOnly: true, run: statements("ALTER DATABASE CHARACTER SET latin1") },
];

/** What the source has besides ISPyB, so that every kind of object takes part. */
export const besides: readonly string[] = [
  "CREATE TABLE Flat (id int AUTO_INCREMENT PRIMARY KEY, name varchar(20), INDEX by_name (name)) ENGINE=MyISAM",
  "INSERT INTO Flat (name) VALUES ('one'), ('two')",
  "CREATE VIEW notes AS SELECT comments FROM DataCollection",
  "CREATE VIEW before_notes AS SELECT COUNT(*) AS n FROM notes",
  "CREATE TRIGGER stamped BEFORE UPDATE ON DataCollection FOR EACH ROW SET NEW.comments = CONCAT(NEW.comments, '!')",
  "CREATE PROCEDURE one_more (IN p_a int) SELECT p_a",
  "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DISABLE DO SET @ispyb = 1",
];
