#!/usr/bin/env bash
# complete.bash PROGRAM FILE: what bash offers for some lines.
set -u
PATH=$(dirname "$(realpath "$1")"):$PATH
# shellcheck source=/dev/null
. "$2"
failed=0

# offers "LINE" WANTED...: completing LINE, whose last word is being typed, gives all of WANTED;
# without WANTED it gives nothing. Bash hands words over split at '='.
offers() {
  local line=${1//=/ = } word reply found
  read -r -a COMP_WORDS <<<"$line"
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  shift
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMPREPLY=()
  _bulla
  for word in "$@"; do
    found=
    for reply in "${COMPREPLY[@]}"; do
      [[ $reply == "$word" ]] && found=1
    done
    if [[ -z $found ]]; then
      echo "'${COMP_WORDS[*]}' does not offer '$word' but: ${COMPREPLY[*]}"
      failed=1
    fi
  done
  if [[ $# == 0 && ${#COMPREPLY[@]} != 0 ]]; then
    echo "'${COMP_WORDS[*]}' offers: ${COMPREPLY[*]}"
    failed=1
  fi
}

offers 'bulla ' completion help
offers 'bulla comp' completion
offers 'bulla xyz'
offers 'bulla completion ' bash zsh fish
offers 'bulla completion f' fish
offers 'bulla completion --' --color --help
offers 'bulla completion --color ' auto always never
offers 'bulla completion --color=al' always
offers 'bulla --color never completion z' zsh
offers 'bulla help comp' completion
offers 'bulla -C / completion b' bash
offers 'bulla -C / help comp' completion
(
  # What bulla lists goes onto the command line as one word that no shell takes for more.
  # shellcheck disable=SC2016,SC2317 # compgen calls it, and the text is to stay one
  bulla() { printf '%s\n' plain '$(touch x)' "it's; a"; }
  offers 'bulla status -e ' plain '\$\(touch\ x\)' "it\\'s\;\ a"
  # shellcheck disable=SC1003 # that quote is the word's
  offers 'bulla status -e it\'"'" "it\\'s\;\ a"
  exit $failed
) || failed=1
cd "$(dirname "$2")/.." && offers 'bulla -C compl' completions
exit $failed
