import type { Flag, Grammar, ValueKind } from "./grammar.ts";

/** One line for each flag of each command, with the condition under which fish offers it. */
export function fish({ every, connection, commands }: Grammar): string {
  const names = (some: Grammar["commands"]) => some.map(({ name }) => name).join(" ");
  const local = commands.filter(({ connects }) => !connects);
  const lines = [
    ...every.map((flag) => complete(spec(flag))),
    ...connection.map((flag) => complete(spec(flag), `not ${seen(names(local))}`)),
    ...commands.map(({ name, summary }) =>
      complete(`-a ${name} -d ${quoteFish(summary)}`, `not ${seen(names(commands))}`),
    ),
    ...commands.flatMap(({ name, own }) => own.map((flag) => complete(spec(flag), seen(name)))),
    ...commands.flatMap(({ name, argument }) => {
      if (typeof argument?.from !== "object") return [];
      const words = argument.from.join(" ");
      return [complete(`-a ${quoteFish(words)}`, `${seen(name)}; and not ${seen(words)}`)];
    }),
  ];
  return `# fish completion of ispyb-migrate. For this shell, or in ~/.config/fish/config.fish for every one:
#   ispyb-migrate completion fish | source

complete -c ispyb-migrate -f
${lines.join("\n")}
`;
}

// --- internal ---

function complete(what: string, condition?: string): string {
  return `complete -c ispyb-migrate ${condition === undefined ? "" : `-n ${quoteFish(condition)} `}${what}`;
}

function seen(words: string): string {
  return `__fish_seen_subcommand_from ${words}`;
}

function spec({ name, description, value }: Flag): string {
  return `-l ${name}${value === undefined ? "" : ` ${source(value)}`} -d ${quoteFish(description)}`;
}

/** How a value is completed; -x and -r also say that a value is required. */
function source({ from }: ValueKind): string {
  if (typeof from === "object") return `-x -a ${quoteFish(from.join(" "))}`;
  return { files: "-r -F", folders: "-x -a '(__fish_complete_directories)'", nothing: "-x" }[from];
}

function quoteFish(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
