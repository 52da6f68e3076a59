# What bash offers for the last of these words: complete.bash SCRIPT WORD…
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_ispyb_migrate
printf '%s\n' "${COMPREPLY[@]}"
