# Sourced by the shell that completes: offer.zsh SCRIPT. Shows every match as <match>.
autoload -Uz compinit && compinit -u -D
source $1

# Every match goes through here; with -O, -A or -D it is only computed.
compadd() {
  local -a __offered
  if (( ! $argv[(I)-[OAD]] )); then
    builtin compadd -A __offered "$@"
    print -rl -- "<"${^__offered}">"
  fi
  builtin compadd "$@"
}

press() {
  zle complete-word
  print -r -- "END!"
}
zle -N press
bindkey '^I' press
print -r -- "READY!"
