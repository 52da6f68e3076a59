/** Where options come from, and which one wins: flag > environment > option file > default. */
import { type Options, isOptionName, option, optionNames, options } from "./options.ts";
import type { Problems } from "./problems.ts";

/** One value, and where it comes from: `--url`, `ISPYB_MIGRATE_URL`, `~/.my.cnf:3`. */
export interface Setting {
  /** True if the name has no value. */
  readonly value: string | true;
  /** Every value of a flag that may be repeated. */
  readonly values?: readonly string[];
  readonly from: string;
}

/** The values of one source: the flags, the environment, or an option file. */
export type Layer = ReadonlyMap<string, Setting>;

export function environmentName(name: string): string {
  return `ISPYB_MIGRATE_${name.replaceAll("-", "_").toUpperCase()}`;
}

/**
 * The options among the environment variables; an empty variable counts as absent. MYSQL_PWD is the
 * variable of the stock client for the password.
 */
export function environmentLayer(environment: Readonly<Record<string, string | undefined>>, problems: Problems): Layer {
  const layer = new Map<string, Setting>();
  const password = environment["MYSQL_PWD"];
  if (password !== undefined) layer.set("password", { value: password, from: "MYSQL_PWD" });
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith("ISPYB_MIGRATE_") || value === undefined || value === "") continue;
    const name = variable.slice("ISPYB_MIGRATE_".length).toLowerCase().replaceAll("_", "-");
    if (isOptionName(name)) layer.set(name, { value, from: variable });
    else {
      problems.add("CONFIGURATION", `the environment variable ${variable} is not an option`, {
        wanted: `one of ${Object.keys(options).map(environmentName).join(", ")}`,
        next: `unset ${variable}`,
      });
    }
  }
  return layer;
}

/** The value of the first layer that has one. */
export function pick(layers: readonly Layer[], name: string): Setting | undefined {
  return layers.map((layer) => layer.get(name)).find((setting) => setting !== undefined);
}

/** The resulting options; the strongest layer comes first. */
export function resolveOptions(layers: readonly Layer[], problems: Problems): Options {
  const values: Record<string, Options[keyof Options]> = {};
  for (const name of optionNames) {
    const setting = pick(layers, name);
    const { value, choices, on, repeatable } = option(name);
    // Values of connection options are checked in src/db, by commands that connect.
    const allowed = typeof on === "string" ? undefined : choices;
    if (value === undefined) values[name] = readSwitch(setting, problems);
    else if (repeatable === true) values[name] = readList(setting, problems);
    else values[name] = readText(setting, problems, allowed);
  }
  return values as unknown as Options;
}

// --- internal ---

function readText(setting: Setting | undefined, problems: Problems, choices?: readonly string[]): string | undefined {
  if (setting === undefined) return undefined;
  const { from, value } = setting;
  const code = from.startsWith("--") ? "USAGE" : "CONFIGURATION";
  if (value === true || value === "") problems.add(code, `${from} has no value`, { next: withValue(setting) });
  else if (choices?.includes(value) !== false) return value;
  else
    problems.add(code, `invalid value for ${from}`, {
      found: value,
      wanted: choices.join(", "),
      next: correction(setting),
    });
  return undefined;
}

function readList(setting: Setting | undefined, problems: Problems): readonly string[] | undefined {
  const each = setting?.values?.map((value) => ({ from: setting.from, value })) ?? [setting];
  const read = each.flatMap((one) => readText(one, problems) ?? []);
  return read.length === 0 ? undefined : read;
}

function readSwitch(setting: Setting | undefined, problems: Problems): boolean {
  if (setting === undefined) return false;
  const on = setting.value === true || readWord(setting.value);
  if (on !== undefined) return on;
  problems.add("CONFIGURATION", `invalid value for the switch ${setting.from}`, {
    wanted: "1, true, yes, on, 0, false, no or off",
    next: correction(setting),
  });
  return false;
}

/** What to do about a missing value. Leaving the option out may be no way: `--skip` needs `--reason`. */
function withValue(setting: Setting): string {
  const name = setting.from.slice(2);
  const isFlag = setting.from.startsWith("--") && isOptionName(name);
  return isFlag ? `give it a value: ${setting.from} ${option(name).value ?? "VALUE"}` : correction(setting);
}

/** What to do about an invalid value: from the command line, from an option file (FILE:LINE), or from the environment. */
export function correction({ from }: Setting): string {
  if (from.startsWith("--")) return `give ${from} another value, or leave it out`;
  return from.includes(":") ? `correct or remove the line ${from}` : `give ${from} another value: export ${from}=VALUE`;
}

/** A switch as option files and environments spell it; undefined for any other word. */
export function readWord(word: string): boolean | undefined {
  if (/^(?:1|true|yes|on)$/i.test(word)) return true;
  return /^(?:0|false|no|off)$/i.test(word) ? false : undefined;
}
