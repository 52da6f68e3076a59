/** Every command of the program; src/cli/commands.ts says what each of them is. */
export type CommandName =
  | "status"
  | "plan"
  | "up"
  | "down"
  | "verify"
  | "accept"
  | "forget"
  | "show"
  | "seed"
  | "sandbox"
  | "provision"
  | "create"
  | "completion";

/** The commands that connect to no database. */
const local = ["sandbox", "create", "completion"] as const satisfies readonly CommandName[];

/**
 * Every option once. The name makes the flag `--ssl-mode`, the environment variable
 * `ISPYB_MIGRATE_SSL_MODE` and the key `ssl-mode` of an option file;
 * flag > environment > option file > default.
 */
interface Option {
  readonly description: string;
  /** How help names its value; an option without one is a switch. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** The default, as help prints it. */
  readonly default?: string;
  /** What is different for some commands. */
  readonly per?: { readonly [C in CommandName]?: { readonly description: string; readonly default?: string } };
  /** The commands that have it: all of them, those that connect to a database, or these. */
  readonly on: "every" | "database" | readonly CommandName[];
  /** False if it makes no sense in an option file. */
  readonly inFile?: false;
  /** May be given more than once; every value holds. Any other option takes one value. */
  readonly repeatable?: true;
  /** Hints repeat it if it was a flag: without it the next command would mean another run. So are all "database" ones. */
  readonly inHints?: true;
}

export const options = {
  url: { value: "URL", on: "database", description: "mysql://USER@HOST:PORT/DATABASE, without a password" },
  socket: { value: "PATH", on: "database", description: "unix socket of a server on this machine" },
  database: {
    value: "NAME",
    on: "database",
    description: "the ISPyB database, if the URL names none; `provision` creates NAME_1, NAME_2 and so on",
  },
  "defaults-file": {
    value: "FILE",
    on: "database",
    description: "option file; its groups [client] and [ispyb-migrate] are read",
    default: "~/.my.cnf",
    inFile: false,
  },
  "defaults-group-suffix": {
    value: "S",
    on: "database",
    description: "also read the groups whose names end in S: [client_test] with _test",
    default: "MYSQL_GROUP_SUFFIX",
    inFile: false,
  },
  "ssl-mode": {
    value: "MODE",
    on: "database",
    description: "TLS mode, as in the mysql client",
    choices: ["disabled", "preferred", "required", "verify-ca", "verify-identity"],
    default: "preferred, or verify-ca with --ssl-ca",
  },
  "ssl-ca": { value: "FILE", on: "database", description: "PEM file with the certificate authorities to trust" },
  "ssl-cert": { value: "FILE", on: "database", description: "PEM file with this client's certificate" },
  "ssl-key": { value: "FILE", on: "database", description: "PEM file with this client's key" },
  "get-server-public-key": {
    on: "database",
    description: "over an unencrypted connection, fetch the key that hides the password, as in the mysql client",
  },
  json: { on: "every", description: "print one JSON document on stdout; never ask" },
  quiet: { on: "every", description: "no progress and no notes; results, warnings and errors stay" },
  verbose: { on: "every", description: "also print every statement and the stacks of errors, without passwords" },
  node: {
    value: "URL",
    on: ["verify"],
    description:
      "also compare this node of the cluster, or this replica: mysql://HOST:PORT, with the account of --url unless it names another; may be repeated",
    repeatable: true,
    inHints: true,
  },
  check: { on: ["plan"], description: "exit 1 if something is pending" },
  sql: { value: "FILE", on: ["plan"], description: "write the plan as a script for the stock client; - for stdout" },
  plain: {
    on: ["plan"],
    description: "with --sql: statements to review and to run by hand, each with a check before and after it",
    inFile: false,
  },
  down: {
    on: ["plan"],
    description: "show the way back: what `down` with the same options would do; with --to NAME or --last N",
    inFile: false,
  },
  to: {
    value: "NAME",
    on: ["plan", "up", "down"],
    description: "the last migration to apply",
    per: {
      plan: { description: "the last migration to apply; with --down, the oldest to undo" },
      down: { description: "the oldest migration to undo; all newer ones are undone, too" },
    },
  },
  last: { value: "N", on: ["plan", "down"], description: "how many migrations to undo, the newest first" },
  rehearsal: {
    value: "FILE",
    on: ["plan", "up"],
    description: "output of `up --json` on a restored copy: durations are predicted from it",
    inFile: false,
  },
  repair: { on: ["plan", "up"], description: "put back what was applied and is now missing or changed" },
  "allow-late": {
    on: ["plan", "up"],
    description: "also apply a pending migration whose name sorts before an applied one",
  },
  skip: {
    value: "NAME",
    on: ["plan", "up"],
    description:
      "skip a migration, a procedure (procedures/NAME), a row (SchemaStatus/NAME), or a whole kind (procedures, grants, SchemaStatus); requires --reason; may be repeated",
    repeatable: true,
  },
  reason: {
    value: "TEXT",
    on: ["plan", "up", "accept", "forget"],
    description: "why it is skipped; status and verify show it from then on",
    per: {
      accept: { description: "why it is accepted; the journal keeps it" },
      forget: { description: "why it is forgotten; the journal keeps it" },
    },
  },
  unskip: {
    value: "NAME",
    on: ["plan", "up"],
    description: "stop skipping NAME and apply it; may be repeated",
    repeatable: true,
  },
  migrations: {
    value: "NAME=DIR",
    on: ["status", "plan", "up", "down", "verify", "accept", "forget", "sandbox", "provision"],
    description: "also use the facility's own migrations in DIR, called NAME/… in the journal; may be repeated",
    repeatable: true,
    inHints: true,
  },
  "on-replica": {
    on: ["plan", "up", "down", "accept", "forget", "seed", "provision"],
    description: "change a server that receives changes from another one, as in a ring",
    inHints: true,
  },
  "allow-stall": {
    on: ["plan", "up", "down"],
    description:
      "go on although other sessions would wait for more than 2 s or an unknown time, or the next read of an older transaction, such as a dump, may fail",
    inHints: true,
  },
  "lock-timeout": {
    value: "SECONDS",
    on: ["plan", "up", "down", "accept", "forget", "seed"],
    description: "how long a statement waits altogether for locks of other sessions, with pauses that let them pass",
    default: "300",
    inHints: true,
  },
  "create-roles": {
    on: ["status", "plan", "up", "verify"],
    description: "include the roles that do not exist yet: `up` creates them, the other commands show them as pending",
    inHints: true,
  },
  definer: {
    value: "USER@HOST",
    on: ["status", "plan", "up", "verify"],
    description: "DEFINER of the procedures",
    default: "the one that they have; new ones get that of the others, or this account",
    inHints: true,
  },
  "sql-security": {
    value: "MODE",
    on: ["status", "plan", "up", "verify"],
    description: "SQL SECURITY of the procedures",
    choices: ["definer", "invoker"],
    default: "definer",
    inHints: true,
  },
  "allow-data-loss": {
    on: ["plan", "down"],
    description: "allow the loss of rows or values; they are saved to a file first",
  },
  "save-to": {
    value: "FOLDER",
    on: ["plan", "down"],
    description: "folder for the file with the rows that would be lost",
    default: "the working folder",
    inHints: true,
  },
  svg: { value: "FILE", on: ["show"], description: "also draw the job into this file; - for stdout", inFile: false },
  limit: { value: "N", on: ["show"], description: "how many jobs to list, the newest first", default: "20" },
  "data-collection": {
    value: "ID",
    on: ["show"],
    description: "only jobs on this data collection, or with a sweep on it",
    inFile: false,
  },
  recipe: { value: "TEXT", on: ["show"], description: "only jobs whose recipe contains this", inFile: false },
  status: {
    value: "STATUS",
    on: ["show"],
    description: "only jobs whose newest program has this status",
    choices: ["queued", "running", "failed", "success"],
    inFile: false,
  },
  since: {
    value: "DATE",
    on: ["show"],
    description: "only jobs submitted since this day or time, UTC unless it has an offset",
    inFile: false,
  },
  file: {
    value: "FILE",
    on: ["seed"],
    description: "a story of your own; may be repeated",
    inFile: false,
    repeatable: true,
  },
  use: {
    value: "LABEL=ID",
    on: ["seed"],
    description: "use an existing row for LABEL instead of inserting one; may be repeated",
    inFile: false,
    repeatable: true,
  },
  at: {
    value: "DATE",
    on: ["seed", "sandbox", "provision"],
    description: "time of the stories, in the time zone of the server unless it ends with Z or an offset",
    default: "2026-01-01 12:00:00",
    per: {
      seed: {
        description:
          "time of the story or of the newest generated job, in the time zone of the server unless it ends with Z or an offset",
        default: "now; a story seeded before keeps the time of its first seeding",
      },
    },
    inFile: false,
  },
  "random-seed": {
    value: "N",
    on: ["seed"],
    description: "seed of the random generator for `seed generate`; the same seed generates the same jobs",
    default: "1",
    inFile: false,
  },
  server: {
    value: "SERVER",
    on: ["sandbox"],
    description: "mariadb-10.11, mysql-9 or another series; mariadb:11.8 or another container image",
    default: "the first that this machine has",
  },
  base: {
    value: "BASE",
    on: ["sandbox", "provision"],
    description:
      "the schema to begin with: official, diamond, a dump, or a checkout of ispyb-database; may be repeated",
    default: "official",
    repeatable: true,
  },
  workers: {
    value: "N",
    on: ["sandbox", "provision"],
    description: "number of databases, for tests side by side",
    default: "1",
  },
  detach: { on: ["sandbox"], description: "return when the server answers; `sandbox stop` ends it" },
  template: {
    value: "FILE",
    on: ["sandbox"],
    description:
      "use a template that `sandbox pack` wrote; ignored if its server, base, migrations or stories differ from those asked for",
    inFile: false,
  },
  in: {
    value: "DIR",
    on: ["create"],
    description: "write it into this folder of the facility's own migrations",
    inFile: false,
  },
  yes: { on: ["up", "down", "accept", "forget", "seed", "provision"], description: "assume yes; do not ask" },
} as const satisfies Readonly<Record<string, Option>>;

export type OptionName = keyof typeof options;
type TextOption = { [N in OptionName]: (typeof options)[N] extends { value: string } ? N : never }[OptionName];
type SwitchOption = Exclude<OptionName, TextOption>;
type ListOption = { [N in OptionName]: (typeof options)[N] extends { repeatable: true } ? N : never }[OptionName];

/** The options that this command takes. */
export type OptionOf<C extends CommandName> = {
  [N in OptionName]: C extends CommandOf<(typeof options)[N]["on"]> ? N : never;
}[OptionName];
type CommandOf<On> = On extends readonly (infer C)[]
  ? C
  : On extends "every"
    ? CommandName
    : Exclude<CommandName, (typeof local)[number]>;

/** A text, texts where the option may be repeated, or true for a switch. */
export type OptionValue<N extends OptionName> = N extends ListOption
  ? string | readonly string[]
  : N extends TextOption
    ? string
    : true;

/** Whether the command takes this option. */
export function takes(command: CommandName, name: OptionName): boolean {
  const { on } = option(name);
  if (typeof on !== "string") return on.includes(command);
  return on === "every" || !local.some((each) => each === command);
}

export const optionNames = Object.keys(options) as readonly OptionName[];

/** The values that hold, after precedence. */
export type Options = { readonly [N in Exclude<TextOption, ListOption>]: string | undefined } & {
  readonly [N in ListOption]: readonly string[] | undefined;
} & { readonly [N in SwitchOption]: boolean };

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

export function option(name: OptionName): Option {
  return options[name];
}

/** The option as this command has it. */
export function optionOf(command: CommandName, name: OptionName): Option {
  const { default: usual, ...rest } = option(name);
  const own = rest.per?.[command] ?? (usual === undefined ? {} : { default: usual });
  return { ...rest, ...own };
}
