import { Argument, Command as Parser, CommanderError, Option as Flag } from "commander";
import { passwordWays } from "../db/url.ts";
import { formatHint } from "../documents/format-hint.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import type { Layer, Setting } from "../option-layers.ts";
import { type OptionName, isOptionName, option, optionOf, takes } from "../options.ts";
import { version } from "../version.ts";
import {
  type Argument as CommandArgument,
  type Command,
  commands,
  commonOptions,
  findCommand,
  formatUsage,
  ownOptions,
} from "./commands.ts";
import type { OutputStream } from "./surroundings.ts";

/** A parsed command line. */
export interface Invocation {
  readonly command: Command;
  readonly args: readonly string[];
  readonly flags: Layer;
  /** The words after `--`: a program to run, and its arguments. */
  readonly program: readonly string[];
}

/** The command and flags of these arguments, or the text of help or version. Throws USAGE. */
export function parse(args: readonly string[], name: string, stdout: OutputStream): Invocation | string {
  let printed = "";
  let invocation: Invocation | undefined;
  const { own, program } = cutProgram(asHelp(args));
  const parser = buildProgram(
    name,
    stdout,
    (text) => (printed += text),
    (chosen) => (invocation = { ...chosen, program }),
  );
  try {
    parser.parse([...own], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, own, name);
  }
  return invocation ?? printed;
}

// --- internal ---

/** Nothing at all, `help` and `help COMMAND` ask for help, as `--help` does. */
function asHelp(args: readonly string[]): readonly string[] {
  const [first, command, ...others] = args;
  if (first === undefined) return ["--help"];
  if (first !== "help") return args;
  if (command === undefined) return ["--help"];
  return findCommand(command) === undefined ? [command, ...others] : [command, "--help"];
}

/** Cuts off the program to run: its words are its own, even those that look like our options. */
function cutProgram(args: readonly string[]): { readonly own: readonly string[]; readonly program: readonly string[] } {
  const at = args.indexOf("--");
  const own = at < 0 ? args : args.slice(0, at);
  const command = own.map(findCommand).find((each) => each !== undefined);
  return command?.runsProgram === true
    ? { own, program: at < 0 ? [] : args.slice(at + 1) }
    : { own: args, program: [] };
}

function buildProgram(
  name: string,
  stdout: OutputStream,
  print: (text: string) => void,
  choose: (invocation: Omit<Invocation, "program">) => void,
): Parser {
  const program = new Parser(name)
    .description(
      "Adds processing jobs to an ISPyB database by versioned migrations. Changes run online; a stopped run can be repeated.",
    )
    .usage("COMMAND [options]")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: usableOptions, subcommandTerm })
    .configureOutput({ writeOut: print, writeErr: () => {}, ...helpOn(stdout) })
    .exitOverride()
    .addHelpText("after", programNotes);
  for (const common of commonOptions) program.addOption(flag(common, option(common)));
  for (const command of commands) addCommand(program, command, choose);
  return program;
}

function addCommand(
  program: Parser,
  command: Command,
  choose: (invocation: Omit<Invocation, "program">) => void,
): void {
  const parser = program.command(command.name).summary(command.summary).description(sentence(command.summary));
  parser.usage(`${formatUsage(command).slice(command.name.length)} [options]`.trim());
  if (command.argument !== undefined) parser.addArgument(argument(command.argument));
  for (const name of ownOptions(command)) parser.addOption(flag(name, optionOf(command.name, name)));
  parser.addHelpText("after", commandNotes(command, program.name())).action(() => {
    const flags = flagsOf([program, parser]);
    for (const name of commonOptions) {
      if (!flags.has(name) || takes(command.name, name)) continue;
      parser.error(`${command.name} ${withoutDatabase(command)}, so it has no option '--${name}'`);
    }
    choose({ command, args: parser.args, flags });
  });
}

/** Why a command has no options of a connection. */
function withoutDatabase({ runsProgram }: Command): string {
  return runsProgram === true ? "starts its own server" : "does not use a database";
}

/** What the parser would otherwise ask the process: help is as wide as the terminal, without colours. */
function helpOn({ columns = 80, isTTY }: OutputStream) {
  const width = () => (isTTY === true ? columns : 80);
  const hasColors = () => false;
  return { getOutHelpWidth: width, getErrHelpWidth: width, getOutHasColors: hasColors, getErrHasColors: hasColors };
}

/** The program's own options, without those that this command does not use. */
function usableOptions(parser: Parser): Flag[] {
  const command = findCommand(parser.name());
  const flags = parser.parent?.options ?? [];
  return flags.filter(({ long }) => {
    const name = long?.slice(2) ?? "";
    return command === undefined || !isOptionName(name) || takes(command.name, name);
  });
}

/** A command in the list of commands. */
function subcommandTerm(parser: Parser): string {
  const command = findCommand(parser.name());
  return command === undefined ? parser.name() : formatUsage(command);
}

function argument({ name, choices, optional, variadic }: CommandArgument): Argument {
  const words = variadic === true ? `${name}...` : name;
  const made = new Argument(optional === true ? `[${words}]` : `<${words}>`);
  return choices === undefined ? made : made.choices(choices);
}

function flag(name: OptionName, of: ReturnType<typeof option>): Flag {
  const { value, description, default: fallback, choices, repeatable } = of;
  const notes = [
    ...(choices === undefined ? [] : [choices.join(", ")]),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ];
  const text = notes.length === 0 ? description : `${description} (${notes.join("; ")})`;
  const made = new Flag(value === undefined ? `--${name}` : `--${name} <${value}>`, text);
  if (repeatable === true) return made.argParser((next, before?: readonly string[]) => [...(before ?? []), next]);
  return value === undefined ? made : made.argParser((next, before?: string) => only(name, before, next));
}

/** The one value of an option: of two different ones, neither would be dropped in silence. They may hold a password. */
function only(name: OptionName, before: string | undefined, next: string): string {
  if (before === undefined || before === next) return next;
  throw new CommanderError(1, "ispyb-migrate.twice", `--${name} was given twice, with different values`);
}

function flagsOf(parsers: readonly Parser[]): Layer {
  const flags = new Map<string, Setting>();
  for (const parser of parsers) {
    for (const { long, attributeName } of parser.options.map((each) => ({
      long: each.long,
      attributeName: each.attributeName(),
    }))) {
      if (long === undefined || parser.getOptionValueSource(attributeName) !== "cli") continue;
      const given = parser.getOptionValue(attributeName) as string | true | readonly string[];
      flags.set(long.slice(2), {
        ...(typeof given === "object" ? { value: given.join(), values: given } : { value: given }),
        from: long,
      });
    }
  }
  return flags;
}

/** The parser's error in our words. The word after an unknown option may be a password, so it is not repeated. */
function usageError(error: CommanderError, args: readonly string[], program: string): MigrateError {
  const command = args.map(findCommand).find((each) => each !== undefined)?.name;
  const help = command === undefined ? `${program} --help` : hint(command, { args: ["--help"] });
  const [first = "", ...others] = error.message.replace(/^error: /, "").split("\n");
  if (error.code === "commander.help") {
    return new MigrateError("USAGE", "no command given", {
      wanted: commands.map(({ name }) => name).join(", "),
      next: help,
    });
  }
  const valued = /^unknown option '--([a-z-]+)=/.exec(first)?.[1] ?? "";
  if (command !== undefined && isOptionName(valued) && takes(command, valued)) {
    return new MigrateError("USAGE", `--${valued} takes no value`, { next: [`write --${valued} alone`, help] });
  }
  const what = first
    .replace(/^option '(--[a-z-]+) <(\w+(?:=\w+)?)>' argument missing$/, "$1 has no value; wanted: $1 $2")
    .replace(/^(unknown option '--[^'=]*)=.*'$/s, "$1'")
    .replace(/^(unknown option '-[^'-])[^']*.*'$/s, "$1'")
    .replace(/ but got (\d+): .*$/s, " but got $1")
    .replace(
      /^command-argument value '.*' is invalid for argument '(.*?)'\. Allowed choices are /s,
      "invalid value for $1; expected one of ",
    )
    .replace(/\.$/, "");
  const meant = others.map((line) => line.replace(/^\((.*)\)$/, "$1").toLowerCase());
  const aboutPassword = /^unknown option '(-p|--password)'/.test(what);
  return new MigrateError("USAGE", what, { next: [...meant, ...(aboutPassword ? passwordWays : []), help] });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function commandNotes({ exits, example }: Command, program: string): string {
  const codes = exits === undefined ? "" : `\nExit code: ${exits}.\n`;
  const output = example.into === undefined ? "" : ` > ${example.into}`;
  return `${codes}\nExample (${example.what}):\n  ${formatHint(example.hint, { program })}${output}`;
}

const programNotes = `
\`help COMMAND\` prints the options of one command.

Most options can also be set in the option file (ssl-mode=required), and all in the environment
(ISPYB_MIGRATE_SSL_MODE=required). A flag overrides the environment, the environment overrides the file.

Exit codes: 0 ok, 1 pending or different, 2 failed, 3 another run holds the lease, 4 refused or
declined, 64 usage, 78 configuration, 130 interrupted.`;
