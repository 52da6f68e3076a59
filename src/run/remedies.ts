/** What helps against an error of a statement: the variable or folder that it met, and the command. */
import { type ServerError, isAlgorithmRefused, isDiskFull, serverErrorNamed } from "../db/server-errors.ts";
import { id } from "../sql.ts";
import type { Statement } from "../steps/contract.ts";

/** Commands and sentences for the error, in order. */
export function remediesFor(cause: ServerError, statement: Statement): string[] {
  const [table] = statement.locks;
  const [, remedy] = known.find(([isIt]) => isIt(cause)) ?? [];
  return remedy?.(table === undefined ? "the table" : id(table), statement) ?? ["fix the reason that the server gives"];
}

// --- internal ---

type Remedy = (table: string, statement: Statement) => string[] | undefined;

const isLogFull = serverErrorNamed("ER_INNODB_ONLINE_LOG_TOO_BIG");
const isPacketTooLarge = serverErrorNamed("ER_NET_PACKET_TOO_LARGE");
const isTooManyKeys = serverErrorNamed("ER_TOO_MANY_KEYS");
const isRowTooLong = serverErrorNamed("ER_TOO_BIG_ROWSIZE");
const isOutOfLocks = serverErrorNamed("ER_LOCK_TABLE_FULL");
const isOutOfMemory = serverErrorNamed("ER_OUTOFMEMORY", "ER_OUT_OF_SORTMEMORY", "ER_OUT_OF_RESOURCES");

const known: readonly (readonly [(cause: ServerError) => boolean, Remedy])[] = [
  [
    isDiskFull,
    () => [
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('tmpdir', 'innodb_tmpdir', 'datadir');   -- make room in these folders",
      "SET GLOBAL innodb_tmpdir = '/FOLDER/WITH/ROOM';   -- or let ALTER TABLE use another one for its temporary files",
    ],
  ],
  [
    isLogFull,
    (table) => [
      "SET GLOBAL innodb_online_alter_log_max_size = 8 * @@GLOBAL.innodb_online_alter_log_max_size;   -- more than others " +
        `write into ${table} during the build; the log grows in the folder for temporary files`,
      "or choose a time when less is written",
    ],
  ],
  [
    isPacketTooLarge,
    (_table, { sql }) => [
      `SET GLOBAL max_allowed_packet = ${2 ** Math.ceil(Math.log2(2 * Buffer.byteLength(sql)))};   -- holds for new connections`,
    ],
  ],
  [isTooManyKeys, (table) => [`SHOW INDEX FROM ${table};   -- drop a key that no query needs: a table has at most 64`]],
  [
    isRowTooLong,
    (table) => [`SHOW CREATE TABLE ${table};   -- make texts of its longest columns: a row must fit half of a page`],
  ],
  [
    isOutOfLocks,
    () => [
      "SET GLOBAL innodb_buffer_pool_size = 2 * @@GLOBAL.innodb_buffer_pool_size;   -- row locks are kept in it; if the server has the memory",
    ],
  ],
  [isOutOfMemory, () => ["give the server more memory, or choose a time when it does less"]],
  [
    isAlgorithmRefused,
    (table, { locks }) =>
      locks.length === 0
        ? undefined
        : [
            "if the table had too many instant changes, rebuild it; otherwise fix the reason that the server gives",
            `OPTIMIZE TABLE ${table};   -- rebuilds the table: at a quiet time, because its writers may wait`,
          ],
  ],
];
