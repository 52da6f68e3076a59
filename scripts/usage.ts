/** Writes usage, exit codes and errors to src/cli/README.md, each between its markers: node scripts/usage.ts */
import { readFileSync, writeFileSync } from "node:fs";
import { type Command, commands, formatUsage, ownOptions } from "../src/cli/commands.ts";
import { catalogue, exitCodes } from "../src/errors.ts";
import { type OptionName, option, optionNames, optionOf } from "../src/options.ts";

const readme = new URL("../src/cli/README.md", import.meta.url);

/** The README with current generated parts; the same text if it is up to date. */
export function withGenerated(text: string): string {
  return Object.entries(parts).reduce((before, [name, write]) => withPart(before, name, write()), text);
}

// --- internal ---

const parts: Readonly<Record<string, () => string>> = {
  usage: () => `\`\`\`text\n${usage()}\n\`\`\``,
  "exit codes": exitCodeTable,
  errors: errorTable,
};

function withPart(text: string, name: string, part: string): string {
  const begin = `<!-- ${name}: written by scripts/usage.ts -->\n`;
  const end = `<!-- end of ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`src/cli/README.md does not contain ${begin.trim()} and ${end}`);
  return `${text.slice(0, from)}${begin}${part}\n${text.slice(to)}`;
}

function exitCodeTable(): string {
  return tableOf(["exit code", "meaning"], Object.entries(exitCodes));
}

/** The errors by exit code, in the order of the catalogue. */
function errorTable(): string {
  const rows = Object.entries(catalogue).map(([code, { exit, meaning }]) => [`${exit}`, `\`${code}\``, meaning]);
  return tableOf(
    ["exit code", "error", "meaning"],
    rows.toSorted(([a], [b]) => Number(a) - Number(b)),
  );
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function usage(): string {
  const on = (which: string) =>
    optionNames.filter((name) => option(name).on === which).map((name) => optionRow(name, option(name)));
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
  return [
    [formatUsage(command), command.summary],
    ...ownOptions(command).map((name) => optionRow(name, optionOf(command.name, name))),
  ];
}

function optionRow(name: OptionName, { value, description, default: fallback }: ReturnType<typeof option>): Row {
  const term = value === undefined ? `  --${name}` : `  --${name} ${value}`;
  return [term, fallback === undefined ? description : `${description} (default: ${fallback})`];
}

if (import.meta.main) writeFileSync(readme, withGenerated(readFileSync(readme, "utf8")));
