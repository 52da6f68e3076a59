import { CommanderError, Command as Parser, Option as Flag } from "commander";
import { MigrateError } from "../errors.ts";
import { type Layer, type OptionName, type Setting, option } from "../options.ts";
import { passwordWays } from "../db/url.ts";
import { version } from "../version.ts";
import { type Command, commands, findCommand, optionsOf, optionsOfEvery } from "./commands.ts";

/** What a command line says. */
export interface Invocation {
  readonly command: Command;
  readonly flags: Layer;
}

/** The command and flags of these arguments, or the text of help or version. Throws USAGE. */
export function parse(args: readonly string[]): Invocation | string {
  let printed = "";
  let invocation: Invocation | undefined;
  const program = buildProgram(
    (text) => (printed += text),
    (command, parsers) => (invocation = { command, flags: flagsOf(parsers) }),
  );
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, args);
  }
  return invocation ?? printed;
}

// --- internal ---

function buildProgram(print: (text: string) => void, chosen: (command: Command, parsers: Parser[]) => void): Parser {
  const program = new Parser("ispyb-migrate")
    .description("Versioned migrations that give an ISPyB database its processing jobs, online and re-runnable.")
    .usage("COMMAND [options]")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: print, writeErr: () => {} })
    .exitOverride()
    .addHelpText("after", programNotes);
  for (const name of optionsOfEvery) program.addOption(flag(name));
  for (const command of commands) {
    const parser = program
      .command(command.name)
      .summary(command.summary)
      .description(sentence(command.summary))
      .usage("[options]");
    for (const name of optionsOf(command.name)) parser.addOption(flag(name));
    parser.addHelpText("after", commandNotes(command)).action(() => chosen(command, [program, parser]));
  }
  return program;
}

function flag(name: OptionName): Flag {
  const { value, description, default: fallback, choices } = option(name);
  const notes = [
    ...(choices === undefined ? [] : [choices.join(", ")]),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ];
  const text = notes.length === 0 ? description : `${description} (${notes.join("; ")})`;
  return new Flag(value === undefined ? `--${name}` : `--${name} <${value}>`, text);
}

function flagsOf(parsers: readonly Parser[]): Layer {
  const flags = new Map<string, Setting>();
  for (const parser of parsers) {
    for (const { long, attributeName } of parser.options.map((each) => ({
      long: each.long,
      attributeName: each.attributeName(),
    }))) {
      if (long === undefined || parser.getOptionValueSource(attributeName) !== "cli") continue;
      flags.set(long.slice(2), { value: parser.getOptionValue(attributeName) as string | true, from: long });
    }
  }
  return flags;
}

/** The parser's refusal in our words. What stands behind an unknown option may be a password. */
function usageError(error: CommanderError, args: readonly string[]): MigrateError {
  const command = args.find((word) => findCommand(word) !== undefined);
  const help = ["ispyb-migrate", ...(command === undefined ? [] : [command]), "--help"].join(" ");
  const [first = "", ...others] = error.message.replace(/^error: /, "").split("\n");
  if (error.code === "commander.help") {
    return new MigrateError("USAGE", "no command is named", {
      wanted: commands.map(({ name }) => name).join(", "),
      next: help,
    });
  }
  const what = first
    .replace(/^(unknown option '--[^'=]*)=.*'$/s, "$1'")
    .replace(/^(unknown option '-[^'-])[^']*.*'$/s, "$1'")
    .replace(/ but got (\d+): .*$/s, " but got $1");
  const meant = others.map((line) => line.replace(/^\((.*)\)$/, "$1").toLowerCase());
  const aboutPassword = /^unknown option '(-p|--password)'/.test(what);
  return new MigrateError("USAGE", what, { next: [...meant, ...(aboutPassword ? passwordWays : []), help] });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function commandNotes({ exits, example }: Command): string {
  const codes = exits === undefined ? "" : `\nExit code: ${exits}.\n`;
  return `${codes}\nExample, ${example.what}:\n  ${example.line}`;
}

const programNotes = `
Every long option may also stand in the option file (ssl-mode=required) and in the environment
(ISPYB_MIGRATE_SSL_MODE=required); a flag wins over the environment, and that over the file.

Exit codes: 0 ok, 1 pending or different, 2 failed, 3 another run holds the lease, 4 refused or
declined, 64 usage, 78 configuration, 130 interrupted.`;
