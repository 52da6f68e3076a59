import { resolve } from "node:path";
import type { Target } from "../db/db.ts";
import { optionFileLayer } from "../db/option-file.ts";
import { nodeTargets } from "../db/node-targets.ts";
import { resolveTarget } from "../db/target.ts";
import { MigrateError } from "../errors.ts";
import type { HintOptions } from "../hint.ts";
import { type Layer, environmentLayer, pick, resolveOptions } from "../option-layers.ts";
import { type Options, isOptionName, option, takes } from "../options.ts";
import { Problems } from "../problems.ts";
import { PREFIX } from "../provision/names.ts";
import type { Command } from "./commands.ts";
import type { Invocation } from "./parse-arguments.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Settings {
  readonly options: Options;
  readonly target: Target;
  /** What --node names. */
  readonly nodes: readonly Target[];
  /** The flags that hints repeat. A URL among them was checked: it holds no password. */
  readonly repeated: HintOptions;
  /** About the option file. */
  readonly warnings: readonly string[];
}

/** Flags, environment and option file combined. Throws all their problems at once. */
export function resolveSettings(
  { command, flags }: Invocation,
  { cwd, env }: Pick<Surroundings, "cwd" | "env">,
): Settings {
  const problems = new Problems();
  const given = [flags, environmentLayer(env, problems)];
  const named = pick(given, "defaults-file")?.value;
  const suffix = pick(given, "defaults-group-suffix")?.value ?? env["MYSQL_GROUP_SUFFIX"];
  const warnings: string[] = [];
  const reading = {
    suffix: typeof suffix === "string" ? suffix : undefined,
    warn: (line: string) => warnings.push(line),
  };
  const file = problems.collect(() =>
    optionFileLayer(typeof named === "string" ? resolve(cwd, named) : undefined, env, reading),
  );
  const layers = file === undefined ? given : [...given, file];
  const options = resolveOptions(layers, problems);
  // Without the option file it is unknown what is missing.
  const target = file === undefined ? undefined : resolveTarget([...layers, usual(command)], problems, env);
  const isWithNodes = target !== undefined && takes(command.name, "node");
  const nodes = isWithNodes ? nodeTargets(pick(layers, "node"), target, problems) : [];
  problems.throwAny();
  if (target === undefined) throw new Error("a target that cannot be resolved has a problem");
  if (options.json && !options.yes && takes(command.name, "yes")) {
    throw new MigrateError("NO_TERMINAL", `${command.name} asks before it changes anything, and --json never asks`, {
      done: "nothing was changed",
      next: "add --yes, or leave out --json and answer on a terminal",
    });
  }
  const getServerPublicKey = options["get-server-public-key"];
  const complete = (each: Target) => ({ ...located(each, cwd), getServerPublicKey });
  return {
    options,
    target: complete(target),
    nodes: nodes.map(complete),
    repeated: repeatedFlags(flags),
    warnings,
  };
}

/** The same for a command that needs no database: settings of a connection may be wrong. */
export function resolveLocal({ flags }: Invocation, { env }: Pick<Surroundings, "env">): Options {
  const problems = new Problems();
  const options = resolveOptions([flags, environmentLayer(env, problems)], problems);
  problems.throwAny();
  return options;
}

// --- internal ---

/** What a command takes where no database is named: `provision` creates its own. */
function usual({ name }: Command): Layer {
  return new Map(name === "provision" ? [["database", { value: PREFIX, from: "the default" }]] : []);
}

/** The environment and the option file hold for the next command as well; flags do not. */
function repeatedFlags(flags: Layer): HintOptions {
  const given = [...flags].flatMap(([name, { value, values }]) =>
    isOptionName(name) ? [[name, values ?? value] as const] : [],
  );
  return Object.fromEntries(given.filter(([name]) => option(name).on === "database" || option(name).inHints === true));
}

/** The target with its file paths resolved from the working folder. */
function located(target: Target, cwd: string): Target {
  const { socket, tls } = target;
  const { mode, ...files } = tls;
  const paths = Object.entries(files).map(([part, file]) => [part, resolve(cwd, file)]);
  return {
    ...target,
    ...(socket === undefined ? {} : { socket: resolve(cwd, socket) }),
    tls: { mode, ...Object.fromEntries(paths) },
  };
}
