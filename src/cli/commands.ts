/** Every command as data: help, the usage in src/cli/README.md and completion come from here. What runs it: load-command.ts. */
import { type Hint, hint } from "../hint.ts";
import { type CommandName, type OptionName, option, optionNames, takes } from "../options.ts";
import { ownStoryNames } from "../seed/story/own-stories.ts";

/** The argument after a command's name. */
export interface Argument {
  readonly name: string;
  /** May be left out. */
  readonly optional?: true;
  /** May be given more than once. */
  readonly variadic?: true;
  readonly choices?: readonly string[];
  /** What a shell offers; other words may be valid, too. */
  readonly offers?: () => readonly string[];
}

export interface Command {
  readonly name: CommandName;
  readonly argument?: Argument;
  /** "nothing" works without a server: options of a connection are neither read nor checked. */
  readonly needs: "database" | "nothing";
  /** Words after `--` are a program to run. */
  readonly runsProgram?: true;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What its exit codes mean, beyond 0. */
  readonly exits?: string;
  readonly example: {
    readonly hint: Hint;
    readonly what: string;
    /** The file that its output goes into. */
    readonly into?: string;
  };
}

export const commands: readonly Command[] = [
  {
    name: "status",
    needs: "database",
    summary: "show the server and the state of each migration",
    exits: "1 if something is pending or needs attention",
    example: { hint: hint("status", { options: { database: "ispyb" } }), what: "as root over the local unix socket" },
  },
  {
    name: "plan",
    needs: "database",
    summary:
      "show what `up` with the same options would do: each step with its SQL, its lock, and the sessions that it blocks; changes nothing",
    exits:
      "1 with --check if something is pending, 4 if something is in conflict or drifted, or an applied migration was changed; other reasons why `up` would refuse are only shown",
    example: {
      hint: hint("plan", { options: { url: "mysql://migrator@db1:3306/ispyb" } }),
      what: "asks for the password",
    },
  },
  {
    name: "up",
    needs: "database",
    summary: "check, show the plan, ask, apply what is pending, and verify",
    exits: "3 if another run holds the lease, 4 if a check refused or the answer was no",
    example: {
      hint: hint("up", { options: { database: "ispyb", yes: true } }),
      what: "without a question, as in a script",
    },
  },
  {
    name: "down",
    needs: "database",
    summary: "undo migrations, the newest first; asks before it changes anything",
    exits: "3 if another run holds the lease, 4 if rows would be lost or the answer was no",
    example: { hint: hint("down", { options: { last: "1", database: "ispyb" } }), what: "the newest migration" },
  },
  {
    name: "verify",
    needs: "database",
    summary:
      "compare the live schema with what the migrations describe; --node also compares another node with this server",
    exits: "1 if they differ; the code of its error if a node could not be compared",
    example: {
      hint: hint("verify", { options: { database: "ispyb", json: true } }),
      what: "the differences for a monitoring script",
    },
  },
  {
    name: "accept",
    argument: { name: "NAME" },
    needs: "database",
    summary:
      "accept that the file of an applied migration was edited or renamed; or record that a statement of a .sql file, interrupted while it ran, took effect",
    exits: "3 if another run holds the lease, 4 if the answer was no, 64 if there is nothing to accept",
    example: {
      hint: hint("accept", {
        args: ["dls/2026_11_03_priority"],
        options: { reason: "only a comment was changed", migrations: ["dls=/etc/ispyb/migrations"], database: "ispyb" },
      }),
      what: "the schema is not changed",
    },
  },
  {
    name: "forget",
    argument: { name: "NAME" },
    needs: "database",
    summary:
      "accept that the file of an applied migration is gone; or record that a statement of a .sql file, interrupted while it ran, had no effect",
    exits: "3 if another run holds the lease, 4 if the answer was no, 64 if there is nothing to forget",
    example: {
      hint: hint("forget", {
        args: ["2025_05_05_our_fork"],
        options: { reason: "we left the fork", database: "ispyb" },
      }),
      what: "the schema is not changed",
    },
  },
  {
    name: "show",
    argument: { name: "JOB", optional: true },
    needs: "database",
    summary:
      "show one job: a drawing of its sweeps, parameters, programs, related jobs; without JOB, list the newest jobs",
    exits: "4 if the database has no tables for processing jobs, 64 if the job does not exist",
    example: {
      hint: hint("show", { args: ["5"], options: { database: "ispyb", svg: "job-5.svg" } }),
      what: "also draw it as an SVG",
    },
  },
  {
    name: "seed",
    argument: {
      name: "STORY",
      optional: true,
      variadic: true,
      offers: () => ["remove", "generate", ...ownStoryNames()],
    },
    needs: "database",
    summary:
      "insert example jobs: a story, your own file, or N jobs with `generate N`; `remove STORY` deletes them; without arguments, list the stories",
    exits:
      "3 if another run holds the lease, 4 if other rows refer to the rows that would be deleted, 64 if a story has errors",
    example: {
      hint: hint("seed", { args: ["multi-sweep"], options: { use: ["dc1=8472788"], database: "ispyb" } }),
      what: "on an existing data collection",
    },
  },
  {
    name: "sandbox",
    argument: {
      name: "STORY",
      optional: true,
      variadic: true,
      offers: () => ["list", "stop", "reset", "check", "pack", ...ownStoryNames()],
    },
    needs: "nothing",
    runsProgram: true,
    summary:
      "start a private test database with base schema, migrations and stories; it stays until Ctrl-C, or until the command after `--` ends; also `list`, `stop [ID]`, `stop all`, `reset [DATABASE]`, `check [DATABASE]`, `pack FILE`",
    exits: "that of the command after `--`; 1 if `check` finds a difference; 78 if this machine has no server",
    example: {
      hint: hint("sandbox", { args: ["multi-sweep"], options: { workers: "4", detach: true } }),
      what: "four databases with an example job; `sandbox stop` ends them",
    },
  },
  {
    name: "provision",
    argument: {
      name: "STORY",
      optional: true,
      variadic: true,
      offers: () => ["remove", ...ownStoryNames()],
    },
    needs: "database",
    summary:
      "create test databases on an existing server, with what a sandbox would contain, each with an account; run again to reset them; `remove` drops them",
    exits: "3 if another run works on them, 4 if a name is taken, a privilege is missing or the answer was no",
    example: {
      hint: hint("provision", { args: ["multi-sweep"], options: { url: "mysql://root@db-test:3306", workers: "4" } }),
      what: "ispyb_1 to ispyb_4",
    },
  },
  {
    name: "create",
    argument: { name: "NAME" },
    needs: "nothing",
    summary: "write a new migration file: into migrations/ of a source checkout, or anywhere with --in DIR",
    example: { hint: hint("create", { args: ["add_job_priority"] }), what: "named after today's date" },
  },
  {
    name: "completion",
    argument: { name: "SHELL", choices: ["bash", "zsh", "fish"] },
    needs: "nothing",
    summary: "print a script that completes commands, options and values in your shell",
    example: {
      hint: hint("completion", { args: ["bash"] }),
      into: "~/.local/share/bash-completion/completions/ispyb-migrate",
      what: "for every new shell session; the folder must exist",
    },
  },
];

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}

/** `create NAME`, `show [JOB]`, `seed [STORY...]`, `completion bash|zsh|fish` */
export function formatUsage({ name, argument }: Command): string {
  if (argument === undefined) return name;
  const words = argument.choices?.join("|") ?? `${argument.name}${argument.variadic === true ? "..." : ""}`;
  return `${name} ${argument.optional === true ? `[${words}]` : words}`;
}

/** Every option in the help of the program itself. */
export const commonOptions: readonly OptionName[] = optionNames.filter((name) => typeof option(name).on === "string");

/** The options of this command beyond the common ones. */
export function ownOptions(command: Command): readonly OptionName[] {
  return optionNames.filter((name) => !commonOptions.includes(name) && takes(command.name, name));
}
