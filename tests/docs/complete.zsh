#!/usr/bin/env zsh
# complete.zsh PROGRAM FILE: what a real zsh makes of a tab, typed into one through a
# pseudo-terminal. `bulla` is a function there that shows its words.
zmodload zsh/zpty || { print 'SKIP: zsh has no zpty'; exit 77 }
program=$1:A file=$2:A failed=0

# wait_for PATTERN: reads what the shell shows until it matches.
wait_for() {
  local text= tries=0
  REPLY=
  while ((tries++ < 200)); do
    if zpty -r -t shell text; then
      REPLY+=$text
      [[ $REPLY == *$~1* ]] && return 0
    else
      sleep 0.05
    fi
  done
  return 1
}

# becomes TYPED WANTED: behind a tab at the end of TYPED the words are WANTED.
becomes() {
  zpty -w -n shell "bulla $1"$'\t\n'
  if ! wait_for "*GOT\\[$2\\]*"; then
    print -r -- "'bulla $1' does not become '$2' but:" ${(V)REPLY}
    failed=1
  fi
}

zpty shell "PS1= zsh -f -i"
zpty -w shell "PATH=${program:h}:\$PATH; fpath=(${file:h} \$fpath); autoload -Uz compinit; \
compinit -u -D; bindkey '^I' complete-word; stty columns 200; \
bulla() { [[ \$* == *--list* ]] && command bulla \"\$@\" || print -r -- \"GOT[\$*]\" }; print READY"
wait_for $'READY\r\n' || { print -r -- "zsh did not start: ${(V)REPLY}"; exit 1 }
becomes 'compl' completion
becomes 'completion fi' 'completion fish'
becomes 'completion --color alw' 'completion --color always'
becomes '--color=nev' '--color=never'
becomes 'help --verb' 'help --verbose'
becomes 'help comp' 'help completion'
becomes '-C / help comp' '-C / help completion'
# A name that bulla lists is one word there, whatever is in it.
zpty -w shell 'bulla() { [[ $* == *--list* ]] && print -r "\$(touch x); y" || print -r "GOT[$#:$*]" }; print OTHER'
wait_for $'OTHER\r\n' || failed=1
becomes 'status -e ' '3:status -e ?\(touch x\); y'
zpty -d shell
exit $failed
