/** The command line as data for shells; the files beside this one print it, one for each shell. */
import { type OptionName, option, optionOf, optionNames } from "../../options.ts";
import { type Argument, commands, ownOptions } from "../commands.ts";

export interface Grammar {
  /** Flags that are allowed anywhere. */
  readonly every: readonly Flag[];
  /** Flags of a connection: not offered after a command that needs no database. */
  readonly connection: readonly Flag[];
  readonly commands: readonly KnownCommand[];
}

export interface KnownCommand {
  readonly name: string;
  readonly summary: string;
  readonly connects: boolean;
  readonly argument?: ValueKind & { readonly optional?: true };
  /** Its own flags, beyond the common ones. */
  readonly own: readonly Flag[];
}

export interface Flag {
  /** Without its dashes. */
  readonly name: string;
  readonly description: string;
  /** Undefined for a switch. */
  readonly value?: ValueKind;
}

export interface ValueKind {
  readonly name: string;
  /** Words to choose from, or what the shell can list itself; nothing for free text. */
  readonly from: readonly string[] | "files" | "folders" | "nothing";
}

export function readGrammar(): Grammar {
  const flagsOn = (on: string) =>
    optionNames.filter((name) => option(name).on === on).map((name) => flag(name, option(name)));
  return {
    every: [
      ...flagsOn("every"),
      { name: "help", description: "print help" },
      { name: "version", description: "print the version" },
    ],
    connection: flagsOn("database"),
    commands: commands.map((command) => ({
      name: command.name,
      summary: command.summary,
      connects: command.needs === "database",
      ...(command.argument === undefined ? {} : { argument: argument(command.argument) }),
      own: ownOptions(command).map((name) => flag(name, optionOf(command.name, name))),
    })),
  };
}

// --- internal ---

function flag(name: OptionName, { description, value: shown, choices }: ReturnType<typeof option>): Flag {
  return { name, description, ...(shown === undefined ? {} : { value: value(shown, choices) }) };
}

function argument({ name, choices, offers, optional }: Argument): NonNullable<KnownCommand["argument"]> {
  return { ...value(name, choices ?? offers?.()), ...(optional === undefined ? {} : { optional }) };
}

/** What a shell can list itself, by the value names of the help. */
const listed: Readonly<Record<string, "files" | "folders">> = {
  FILE: "files",
  PATH: "files",
  FOLDER: "folders",
  DIR: "folders",
};

function value(name: string, choices: readonly string[] | undefined): ValueKind {
  return { name, from: choices ?? listed[name] ?? "nothing" };
}
