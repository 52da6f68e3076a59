/** Where options are said, and which of it holds: flag > environment > option file > default. */
import { type Options, isOptionName, option, optionNames, options } from "./options.ts";
import type { Problems } from "./problems.ts";

/** One value, and where it was said: `--url`, `ISPYB_MIGRATE_URL`, `~/.my.cnf:3`. */
export interface Setting {
  /** True where a name stands without a value. */
  readonly value: string | true;
  readonly from: string;
}

/** What one place says: the flags, the environment, or an option file. */
export type Layer = ReadonlyMap<string, Setting>;

export function environmentName(name: string): string {
  return `ISPYB_MIGRATE_${name.replaceAll("-", "_").toUpperCase()}`;
}

/**
 * The options among the environment's variables; an empty one counts as absent. MYSQL_PWD is the
 * stock client's variable for the password.
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
      problems.add("CONFIGURATION", `the environment sets ${variable}, which is no option`, {
        wanted: `one of ${Object.keys(options).map(environmentName).join(", ")}`,
        next: `unset ${variable}`,
      });
    }
  }
  return layer;
}

/** The first of the layers that says something. */
export function pick(layers: readonly Layer[], name: string): Setting | undefined {
  return layers.map((layer) => layer.get(name)).find((setting) => setting !== undefined);
}

/** The options that hold; the strongest layer comes first. */
export function resolveOptions(layers: readonly Layer[], problems: Problems): Options {
  const values: Record<string, string | boolean | undefined> = {};
  for (const name of optionNames) {
    const setting = pick(layers, name);
    const { value, choices, on } = option(name);
    // Options of a connection are read where connections are, by commands that make one.
    const allowed = typeof on === "string" ? undefined : choices;
    values[name] = value === undefined ? readSwitch(setting, problems) : readText(setting, problems, allowed);
  }
  return values as unknown as Options;
}

// --- internal ---

function readText(setting: Setting | undefined, problems: Problems, choices?: readonly string[]): string | undefined {
  if (setting === undefined) return undefined;
  const { from, value } = setting;
  const code = from.startsWith("--") ? "USAGE" : "CONFIGURATION";
  if (value === true || value === "") problems.add(code, `${from} has no value`);
  else if (choices?.includes(value) !== false) return value;
  else problems.add(code, `${from} is none of its values`, { found: value, wanted: choices.join(", ") });
  return undefined;
}

function readSwitch(setting: Setting | undefined, problems: Problems): boolean {
  if (setting === undefined) return false;
  const on = setting.value === true || readWord(setting.value);
  if (on !== undefined) return on;
  problems.add("CONFIGURATION", `${setting.from} is neither on nor off`, {
    wanted: "1, true, yes, on, 0, false, no or off",
  });
  return false;
}

/** The words of a switch, as option files and environments spell them; undefined for any other. */
export function readWord(word: string): boolean | undefined {
  if (/^(?:1|true|yes|on)$/i.test(word)) return true;
  return /^(?:0|false|no|off)$/i.test(word) ? false : undefined;
}
