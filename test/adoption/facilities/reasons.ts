/** Why `up` or `down` may refuse a facility's database. A sentence that none of these is about is a finding. */

interface Reason {
  readonly code: string;
  readonly name: string;
  readonly says: RegExp;
}

const reasons: readonly Reason[] = [
  { code: "CONFLICT", name: "column of another type", says: /^column \S+, type: / },
  { code: "CONFLICT", name: "another default in place of ours", says: /^column \S+, default: / },
  {
    code: "CONFLICT",
    name: "NOT NULL where procedures write NULL, or NULL without a default",
    says: /^column \S+, NULL allowed: /,
  },
  { code: "CONFLICT", name: "a time that follows", says: /^column \S+, ON UPDATE: / },
  { code: "CONFLICT", name: "invisible, where it becomes NOT NULL", says: /^column \S+, INVISIBLE: / },
  { code: "CONFLICT", name: "too long for a key of ours", says: /^column \S+, bytes: / },
  { code: "CONFLICT", name: "column without numbers of its own", says: /^column \S+, AUTO_INCREMENT: / },
  {
    code: "CONFLICT",
    name: "missing table, column or key",
    says: /^(?:table|column|index|foreign key) \S+ is missing/,
  },
  { code: "CONFLICT", name: "another primary key", says: /^index \S+\.PRIMARY, columns: / },
  { code: "CONFLICT", name: "foreign key that the server would refuse", says: /^foreign key \S+ needs / },
  { code: "CONFLICT", name: "foreign key that deletes results", says: /^foreign key \S+, ON DELETE: / },
  { code: "CONFLICT", name: "second foreign key that deletes results", says: /^\S+ has a second foreign key / },
  { code: "CONFLICT", name: "foreign key name in another table", says: /^\S+ has a foreign key / },
  { code: "CONFLICT", name: "another engine", says: /^table \S+, engine: / },
  { code: "CONFLICT", name: "something else has the name of a table", says: /^table \S+, kind: / },
  {
    code: "CONFLICT",
    name: "built by the facility on what down drops",
    says: /^(?:index|foreign key|check|view|trigger|column) \S+ (?:uses|refers to|names|belongs to|needs|is computed|was not created)/,
  },
  // Asked before the first change: of system-versioned tables, for one.
  { code: "CONFLICT", name: "an ALTER that the server refuses", says: /^error \d+ / },
  {
    code: "CONFLICT",
    name: "a history with NULL where NOT NULL is wanted",
    says: /^\d+ rows? and earlier forms of rows/,
  },
  { code: "ORPHANS", name: "rows without a parent", says: /rows? of \S+ with an? \S+ that does not exist/ },
  { code: "NOT_ISPYB", name: "no table that every ISPyB has", says: /^no table / },
  { code: "NOT_ISPYB", name: "a view in the place of a table that every ISPyB has", says: /^\S+ is a / },
  { code: "NOT_ISPYB", name: "a table in other letters", says: /^tables / },
];

/** The names of the reasons for these sentences; those that no reason is about come back as they are. */
export function reasonsOf(
  code: string,
  sentences: readonly string[],
): { readonly known: string[]; readonly unknown: string[] } {
  const found = sentences.map((sentence) => ({
    sentence,
    reason: reasons.find((each) => each.code === code && each.says.test(sentence)),
  }));
  return {
    known: [...new Set(found.flatMap(({ reason }) => (reason === undefined ? [] : [`${code}: ${reason.name}`])))],
    unknown: found.filter(({ reason }) => reason === undefined).map(({ sentence }) => `${code}: ${sentence}`),
  };
}
