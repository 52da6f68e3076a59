/** The module of each command, loaded when it runs: a command pays for no other command's imports. */
import type { Layer } from "../option-layers.ts";
import type { CommandName } from "../options.ts";
import type { CommandContext, LocalContext } from "./command-context.ts";
import type { Invocation } from "./parse-arguments.ts";

interface CommandModule<Context> {
  /** The exit code: 0, or 1 for "pending" and "different". Everything else is thrown as a MigrateError. */
  readonly run: (context: Context) => Promise<number>;
}

type Load<Context> = () => Promise<CommandModule<Context>>;

const local = {
  sandbox: () => import("./commands/sandbox/sandbox.ts"),
  create: () => import("./commands/create.ts"),
  completion: () => import("./commands/completion.ts"),
} satisfies Partial<Record<CommandName, Load<LocalContext>>>;

/** All other commands: a name without a module does not compile. */
const onDatabase: Readonly<Record<Exclude<CommandName, keyof typeof local>, Load<CommandContext>>> = {
  status: () => import("./commands/status.ts"),
  plan: () => import("./commands/plan.ts"),
  up: () => import("./commands/up.ts"),
  down: () => import("./commands/down.ts"),
  verify: () => import("./commands/verify.ts"),
  accept: () => import("./commands/accept.ts"),
  forget: () => import("./commands/forget.ts"),
  show: () => import("./commands/show.ts"),
  seed: () => import("./commands/seed/seed.ts"),
  provision: () => import("./commands/provision/provision.ts"),
};

/** The module of a command that works on a database. */
export function loadOnDatabase({ command }: Invocation): Promise<CommandModule<CommandContext>> {
  return load(onDatabase, command.name);
}

/** The module of a command that needs no database as it was called; undefined if it needs one. */
export function loadLocal({ command, args, flags }: Invocation): Promise<CommandModule<LocalContext>> | undefined {
  if (command.name === "seed" && listsStories(args, flags)) return import("./commands/seed/list.ts");
  return command.needs === "nothing" ? load(local, command.name) : undefined;
}

// --- internal ---

function listsStories(args: readonly string[], flags: Layer): boolean {
  return args.length === 0 && !flags.has("file");
}

function load<Context>(
  modules: Readonly<Partial<Record<CommandName, Load<Context>>>>,
  name: CommandName,
): Promise<CommandModule<Context>> {
  const module = modules[name];
  if (module === undefined) throw new Error(`no module runs the command ${name}`);
  return module();
}
