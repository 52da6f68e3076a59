/** What a statement of a .sql file must not be, and an ALTER without the words that keep it from blocking a whole facility. */
import type { Algorithm, Lock, Online } from "../model.ts";
import type { Next } from "../hint.ts";
import { beginning } from "./sql-words.ts";

/** Why a statement is refused, and what to do about it. */
export interface Refusal {
  readonly problem: string;
  readonly next: Next | readonly Next[];
}

const SESSION = "it changes only the session, and a run that was stopped continues in another one";
const BLIND =
  "it does not say with which ALGORITHM and LOCK it runs: the server could copy the table and block its users without a warning";
const removing =
  "remove it: each statement runs by itself, in this database, with the settings of this tool; to change a setting, write SET name = value";

const refused: readonly [words: RegExp, refusal: Refusal][] = [
  [
    beginning(
      "(?:use|start|begin|commit|rollback|savepoint|release|lock|unlock|prepare|execute|deallocate|xa|set(?: character set| names| transaction| role| default)|create temporary|select .* into @.*)",
    ),
    { problem: SESSION, next: removing },
  ],
  [
    beginning(
      "(?:set (?:@@)?(?:global|persist|persist_only)|create user|alter user|drop user|grant|revoke|set password|shutdown|flush|reset|change|install|uninstall)",
    ),
    {
      problem: "it changes the server, and not this database",
      next: "remove it, and do it by hand: another database on this server would be affected",
    },
  ],
  [
    beginning("load (?:data|xml)(?: low_priority| concurrent)? local"),
    { problem: "it reads a file of the client", next: "insert the rows by INSERT" },
  ],
];

/** A statement whose body the client would cut at its first semicolon. */
const bodies = /^(?:create|alter)\b[^(]*?\b(?:procedure|function|trigger|event)\b.*\bbegin\b/i;
const unended: Refusal = {
  problem: "it ends inside of its BEGIN, because a delimiter is in it",
  next: "write DELIMITER // in a line before it, // behind its END, and DELIMITER ; in a line after it",
};

const alters = beginning("alter(?: online)?(?: ignore)? table");
const indexes = beginning("create(?: online)?(?: unique| fulltext| spatial)? index");
const drops = beginning("drop(?: online)? index(?: if exists)? <name> on <table>");

const algorithms: readonly Algorithm[] = ["INSTANT", "NOCOPY", "INPLACE", "COPY"];
const locks: readonly Lock[] = ["NONE", "SHARED", "EXCLUSIVE", "DEFAULT"];

/** Why a statement with these words cannot run; undefined if it can. */
export function refusalOf(words: string): Refusal | undefined {
  const known = refused.find(([expression]) => expression.test(words))?.[1];
  if (known !== undefined) return known;
  if (bodies.test(words) && !/\bend(?: [\w`]+)?$/i.test(words)) return unended;
  if (onlineOf(words) !== undefined) return undefined;
  const { name, table } = drops.exec(words)?.groups ?? {};
  if (name !== undefined && table !== undefined) {
    // MariaDB takes neither word in a DROP INDEX.
    return {
      problem: BLIND,
      next: `write it as: ALTER TABLE ${table} DROP INDEX ${name}, ALGORITHM=INPLACE, LOCK=NONE`,
    };
  }
  const isIndex = indexes.test(words);
  if (!isIndex && !alters.test(words)) return undefined;
  const adding = (algorithm: Algorithm, lock: Lock) =>
    isIndex ? ` ALGORITHM=${algorithm} LOCK=${lock}` : `, ALGORITHM=${algorithm}, LOCK=${lock}`;
  return {
    problem: BLIND,
    next: [
      `add to the end of this statement: ${adding("INPLACE", "NONE").trim()}`,
      `or, if the server refuses that and the users of the table may wait: ${adding("COPY", "SHARED").trim()}`,
    ],
  };
}

/** The algorithm and the lock that are written in it; undefined unless both are. */
export function onlineOf(words: string): Online | undefined {
  const algorithm = algorithms.find((each) => each === written(words, "algorithm"));
  const lock = locks.find((each) => each === written(words, "lock"));
  return algorithm === undefined || lock === undefined ? undefined : { algorithm, lock };
}

// --- internal ---

function written(words: string, option: string): string | undefined {
  return new RegExp(`\\b${option} ?=? ?(\\w+)`, "i").exec(words.replaceAll(/`[^`]*`/g, ""))?.[1]?.toUpperCase();
}
