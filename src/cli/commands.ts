import { type OptionName, option, optionNames } from "../options.ts";
import type { CommandContext } from "./context.ts";

interface CommandModule {
  /** The exit code: 0, or 1 for "pending" and "different". Everything else is thrown as a MigrateError. */
  readonly run: (context: CommandContext) => Promise<number>;
}

/** One command as data: help, the README's usage and completion come from here. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What its exit codes mean, beyond 0. */
  readonly exits?: string;
  readonly example: { readonly line: string; readonly what: string };
  /** Its module is loaded when it runs, so that no command pays for another one's imports. */
  load(): Promise<CommandModule>;
}

export const commands: readonly Command[] = [
  {
    name: "status",
    summary: "the server, and each migration: applied, found, pending, edited or missing",
    exits: "1 where something is pending",
    example: { line: "ispyb-migrate status --database ispyb", what: "root over the unix socket of this machine" },
    load: () => import("./commands/status.ts"),
  },
  {
    name: "plan",
    summary: "every owed step with its SQL and who is blocked for how long; changes nothing",
    exits: "1 with --check where something is owed",
    example: { line: "ispyb-migrate plan --url mysql://migrator@db1:3306/ispyb", what: "asks for the password" },
    load: () => import("./commands/plan.ts"),
  },
  {
    name: "up",
    summary: "check, plan, ask, apply what is owed, and verify it",
    exits: "3 where another run holds the lease, 4 where a check refused or the answer was no",
    example: { line: "ispyb-migrate up --database ispyb --yes", what: "without a question, as in a script" },
    load: () => import("./commands/up.ts"),
  },
  {
    name: "verify",
    summary: "compare the live schema with what the migrations describe",
    exits: "1 where it differs",
    example: { line: "ispyb-migrate verify --database ispyb --json", what: "the differences for a monitoring script" },
    load: () => import("./commands/verify.ts"),
  },
];

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}

export const optionsOfEvery: readonly OptionName[] = optionNames.filter((name) => option(name).on === "every");

export function optionsOf(command: string): readonly OptionName[] {
  return optionNames.filter((name) => option(name).on !== "every" && option(name).on.includes(command));
}
