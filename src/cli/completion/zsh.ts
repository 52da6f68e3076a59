import type { Flag, Grammar, KnownCommand, ValueKind } from "./grammar.ts";

export function zsh({ every, connection, commands }: Grammar): string {
  return `#compdef ispyb-migrate
# zsh completion of ispyb-migrate. For this shell, or in ~/.zshrc for every one, after compinit:
#   source <(ispyb-migrate completion zsh)
# Or as the file _ispyb-migrate in a folder of $fpath.

_ispyb-migrate() {
  local curcontext=$curcontext state line
  local -A opt_args
  local -a known=(
${commands.map(({ name, summary }) => `    ${quoteZsh(`${name}:${summary}`)}`).join("\n")}
  )
  local -a every=(
${every.map((flag) => `    ${spec(flag)}`).join("\n")}
  )
  local -a connection=(
${connection.map((flag) => `    ${spec(flag)}`).join("\n")}
  )

  _arguments -C $connection $every '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command known ;;
    argument)
      case $words[1] in
${commands.map(behind).join("\n")}
      esac
      ;;
  esac
}

# Sourced, it registers itself; in a folder of $fpath, zsh calls it by the name of its file.
if [[ $funcstack[1] == _ispyb-migrate ]]; then
  _ispyb-migrate "$@"
else
  compdef _ispyb-migrate ispyb-migrate
fi
`;
}

// --- internal ---

/** What may follow a command. */
function behind({ name, connects, argument, own }: KnownCommand): string {
  const common = connects ? "$connection $every" : "$every";
  const specs = [
    ...(argument === undefined ? [] : [quoteZsh(`1:${argument.optional === true ? ":" : ""}${action(argument)}`)]),
    ...own.map(spec),
  ];
  const lines = [`_arguments ${common}`, ...specs].join(" \\\n            ");
  return `        ${name})\n          ${lines}\n          ;;`;
}

/** In the form of _arguments: '--ssl-ca=[PEM file …]:FILE:_files' */
function spec({ name, description, value }: Flag): string {
  const text = `[${description.replaceAll(/[\\[\]:]/g, String.raw`\$&`)}]`;
  return quoteZsh(value === undefined ? `--${name}${text}` : `--${name}=${text}:${action(value)}`);
}

function action({ name, from }: ValueKind): string {
  if (typeof from === "object") return `${name}:(${from.join(" ")})`;
  return `${name}:${{ files: "_files", folders: "_files -/", nothing: " " }[from]}`;
}

function quoteZsh(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
