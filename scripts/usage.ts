/** The usage in src/cli/README.md, written from the table of commands between its two markers: node scripts/usage.ts */
import { readFileSync, writeFileSync } from "node:fs";
import { type Command, commands, formatUsage, ownOptions } from "../src/cli/commands.ts";
import { type OptionName, option, optionNames } from "../src/options.ts";

const readme = new URL("../src/cli/README.md", import.meta.url);
const begin = "<!-- usage: written by scripts/usage.ts -->\n";
const end = "<!-- end of usage -->";

/** The README with the usage of today; the same text where it is up to date. */
export function withUsage(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`src/cli/README.md has lost ${begin.trim()} or ${end}`);
  return `${text.slice(0, from)}${begin}\`\`\`text\n${usage()}\n\`\`\`\n${text.slice(to)}`;
}

if (import.meta.main) writeFileSync(readme, withUsage(readFileSync(readme, "utf8")));

// --- internal ---

function usage(): string {
  const on = (which: string) => optionNames.filter((name) => option(name).on === which).map(optionRow);
  const groups: readonly (readonly [title: string, rows: readonly Row[]])[] = [
    ["ispyb-migrate COMMAND [options]", commands.flatMap(commandRows)],
    ["every command that needs a database:", on("database")],
    ["every command:", on("every")],
  ];
  const width = Math.max(...groups.flatMap(([, rows]) => rows.map(([term]) => term.length)));
  const lines = groups.flatMap(([title, rows]) => [
    title,
    ...rows.map(([term, text]) => `${term.padEnd(width)}  ${text}`),
    "",
  ]);
  return lines.join("\n").trimEnd();
}

type Row = readonly [term: string, text: string];

function commandRows(command: Command): Row[] {
  return [[formatUsage(command), command.summary], ...ownOptions(command).map(optionRow)];
}

function optionRow(name: OptionName): Row {
  const { value, description, default: fallback } = option(name);
  const term = value === undefined ? `  --${name}` : `  --${name} ${value}`;
  return [term, fallback === undefined ? description : `${description} (default: ${fallback})`];
}
