# What zsh offers at the end of this line: complete.zsh SCRIPT LINE
# Only a shell on a terminal completes: one is started on a pseudo-terminal, and the key is pressed.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source ${(q)0:A:h}/offer.zsh ${(q)1}"
zpty -r shell shown '*READY!*'
zpty -n -w shell "$2"$'\t'
zpty -r shell shown '*END!*'
print -r -- $shown
