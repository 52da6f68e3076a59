/** Every command as data: help, the usage in src/cli/README.md and completion come from here. What runs it: load-command.ts. */
import { type CommandName, type OptionName, option, optionNames } from "../options.ts";
import { ownStoryNames } from "../seed/story/source.ts";

/** What stands behind a command's name. */
export interface Argument {
  readonly name: string;
  /** It may be left out. */
  readonly optional?: true;
  /** It may be said more than once. */
  readonly variadic?: true;
  readonly choices?: readonly string[];
  /** What a shell offers, where other words are right as well. */
  readonly offers?: () => readonly string[];
}

export interface Command {
  readonly name: CommandName;
  readonly argument?: Argument;
  /** "nothing" works without a server: options of a connection are neither read nor checked. */
  readonly needs: "database" | "nothing";
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What its exit codes mean, beyond 0. */
  readonly exits?: string;
  readonly example: { readonly line: string; readonly what: string };
}

export const commands: readonly Command[] = [
  {
    name: "status",
    needs: "database",
    summary: "the server, and each migration: applied, found, pending, edited or missing",
    exits: "1 where something is pending",
    example: { line: "ispyb-migrate status --database ispyb", what: "root over the unix socket of this machine" },
  },
  {
    name: "plan",
    needs: "database",
    summary: "every owed step with its SQL and who is blocked for how long; changes nothing",
    exits: "1 with --check where something is owed",
    example: { line: "ispyb-migrate plan --url mysql://migrator@db1:3306/ispyb", what: "asks for the password" },
  },
  {
    name: "up",
    needs: "database",
    summary: "check, plan, ask, apply what is owed, and verify it",
    exits: "3 where another run holds the lease, 4 where a check refused or the answer was no",
    example: { line: "ispyb-migrate up --database ispyb --yes", what: "without a question, as in a script" },
  },
  {
    name: "down",
    needs: "database",
    summary: "take migrations back, the newest first; asks before it changes anything",
    exits: "3 where another run holds the lease, 4 where rows would be destroyed or the answer was no",
    example: { line: "ispyb-migrate down --last 1 --database ispyb", what: "the newest migration" },
  },
  {
    name: "verify",
    needs: "database",
    summary: "compare the live schema with what the migrations describe",
    exits: "1 where it differs",
    example: { line: "ispyb-migrate verify --database ispyb --json", what: "the differences for a monitoring script" },
  },
  {
    name: "show",
    argument: { name: "JOB", optional: true },
    needs: "database",
    summary: "one job with its sweeps drawn, parameters, programs and relatives; without JOB the newest jobs",
    exits: "4 where the database has no processing jobs yet, 64 where there is no such job",
    example: { line: "ispyb-migrate show 5 --database ispyb --svg job-5.svg", what: "also as a picture" },
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
      "write example jobs, a story of your own or, with generate N, any number; remove STORY takes them back; alone it lists the stories",
    exits:
      "3 where another run holds the lease, 4 where rows of others refer to what would go, 64 where a story is wrong",
    example: { line: "ispyb-migrate seed multi-sweep --use dc1=8472788", what: "on a data collection that is there" },
  },
  {
    name: "create",
    argument: { name: "NAME" },
    needs: "nothing",
    summary: "write a new migration into migrations/, in a checkout",
    example: { line: "ispyb-migrate create add_job_priority", what: "under today's date" },
  },
  {
    name: "completion",
    argument: { name: "SHELL", choices: ["bash", "zsh", "fish"] },
    needs: "nothing",
    summary: "print the script with which a shell completes commands, options and their values",
    example: {
      line: "ispyb-migrate completion bash > ~/.local/share/bash-completion/completions/ispyb-migrate",
      what: "for every new shell",
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

/** Every option that stands in the help of the program itself. */
export const commonOptions: readonly OptionName[] = optionNames.filter((name) => typeof option(name).on === "string");

export function takes(command: Command, name: OptionName): boolean {
  const { on } = option(name);
  return typeof on === "string" ? on === "every" || on === command.needs : on.includes(command.name);
}

/** The options that not every command of its sort has. */
export function ownOptions(command: Command): readonly OptionName[] {
  return optionNames.filter((name) => !commonOptions.includes(name) && takes(command, name));
}
