import type { Flag, Grammar, KnownCommand, ValueKind } from "./grammar.ts";

/** For bash 3.2 (the version of macOS) and newer, with or without the package bash-completion. */
export function bash({ every, connection, commands }: Grammar): string {
  const flags = [...every, ...connection, ...commands.flatMap(({ own }) => own)];
  const withValue = flags.filter(({ value }) => value !== undefined);
  const from = (source: ValueKind["from"]) => pattern(flags.filter(({ value }) => value?.from === source));
  return `# bash completion of ispyb-migrate. For this shell, or in ~/.bashrc for every one:
#   source <(ispyb-migrate completion bash)

_ispyb_migrate_reply() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$@")
}

_ispyb_migrate() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local every="${names(every)}"
  local connection="${names(connection)}"
  local words="${commands.map(({ name }) => name).join(" ")}" flags="$connection $every"
  local command="" behind=0 at
  COMPREPLY=()

  # The command, and how many words stand behind it. bash makes three words of --ssl-mode=required.
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      ${pattern(withValue)})
        [[ \${COMP_WORDS[at + 1]} == "=" ]] && ((at++))
        ((at++))
        ;;
      -*) ;;
      *)
        if [[ -n $command ]]; then
          ((behind++))
        elif [[ " $words " == *" \${COMP_WORDS[at]} "* ]]; then
          command=\${COMP_WORDS[at]}
        fi
        ;;
    esac
  done
  if [[ $current == "=" ]]; then
    current=""
  elif [[ $previous == "=" ]]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi

  case $previous in
${choices(withValue).join("\n")}
    ${from("files")})
      compopt -o filenames 2>/dev/null
      _ispyb_migrate_reply -f -- "$current"
      return
      ;;
    ${from("folders")})
      compopt -o filenames 2>/dev/null
      _ispyb_migrate_reply -d -- "$current"
      return
      ;;
    ${from("nothing")}) return ;;
  esac

  case $command:$behind in
${commands.flatMap(behind).join("\n")}
  esac
  [[ $current == -* || -z $words ]] && words=$flags
  _ispyb_migrate_reply -W "$words" -- "$current"
}

complete -F _ispyb_migrate ispyb-migrate
`;
}

// --- internal ---

/** What may follow a command; without words to choose from, its flags are offered right away. */
function behind({ name, connects, argument, own }: KnownCommand): string[] {
  const flags = [...own.map(dashed), ...(connects ? ["$connection"] : []), "$every"].join(" ");
  const rest = `    ${name}:*) words="" flags="${flags}" ;;`;
  if (typeof argument?.from !== "object") return [rest];
  return [`    ${name}:0) words="${argument.from.join(" ")}" flags="${flags}" ;;`, rest];
}

function choices(flags: readonly Flag[]): string[] {
  return flags.flatMap(({ name, value }) =>
    typeof value?.from === "object"
      ? [
          `    --${name})\n      _ispyb_migrate_reply -W "${value.from.join(" ")}" -- "$current"\n      return\n      ;;`,
        ]
      : [],
  );
}

function dashed({ name }: Flag): string {
  return `--${name}`;
}

function names(flags: readonly Flag[]): string {
  return flags.map(dashed).join(" ");
}

/** In the form of \`case\`; a flag of two commands once. */
function pattern(flags: readonly Flag[]): string {
  return [...new Set(flags.map(dashed))].join(" | ");
}
