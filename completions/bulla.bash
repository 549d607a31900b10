# shellcheck shell=bash
# Completion of bulla for bash.
# Written by 'bulla --print-documentation bash'; do not edit.

_bulla_commands='
access
age
check
completion
diff
edit
explain
fill
generate
get
git
help
history
identity
init
list
log
recipient
render
resolve
restore
rollback
rotate
run
set
status
unset
uses
verify
'

# True when OPTION of COMMAND takes a value; $action is how to complete it.
_bulla_value() {
  case "$1 $2" in
    *' --environment' | *' -e') action='names environments' ;;
    *' --directory' | *' -C') action=folders ;;
    *' --compose-file' | *' -f') action=files ;;
    *' --identity') action=files ;;
    *' --root') action=nothing ;;
    *' --color') action='words auto always never' ;;
    'access --member' | 'access -m') action='names members' ;;
    'access --format') action='words human json' ;;
    'age decrypt --identity-file' | 'age decrypt -i') action=files ;;
    'age decrypt --passphrase-file') action=files ;;
    'age decrypt --passphrase-fd') action=nothing ;;
    'age decrypt --out' | 'age decrypt -o') action=files ;;
    'age encrypt --recipient' | 'age encrypt -r') action=nothing ;;
    'age encrypt --recipients-file' | 'age encrypt -R') action=files ;;
    'age encrypt --identity-file' | 'age encrypt -i') action=files ;;
    'age encrypt --passphrase-file') action=files ;;
    'age encrypt --passphrase-fd') action=nothing ;;
    'age encrypt --work-factor') action=nothing ;;
    'age encrypt --out' | 'age encrypt -o') action=files ;;
    'age keygen --out' | 'age keygen -o') action=files ;;
    'check --format') action='words human json sarif github junit gitlab' ;;
    'check --compose') action='words 5 2' ;;
    'check --env-file') action=files ;;
    'check --since') action=nothing ;;
    'diff --format') action='words human json' ;;
    'edit --why') action=nothing ;;
    'fill --why') action=nothing ;;
    'generate --count' | 'generate -n') action=nothing ;;
    'generate --classes') action=nothing ;;
    'generate --symbols') action=nothing ;;
    'generate --exclude') action=nothing ;;
    'generate --format') action='words human json' ;;
    'history --format') action='words human json' ;;
    'identity import --file') action=files ;;
    'identity import --fd') action=nothing ;;
    'identity import --out' | 'identity import -o') action=files ;;
    'identity new --out' | 'identity new -o') action=files ;;
    'init --name') action=nothing ;;
    'list --format') action='words human json' ;;
    'log --person' | 'log -p') action='names members' ;;
    'log --limit' | 'log -n') action=nothing ;;
    'log --format') action='words human json' ;;
    'recipient add --role') action='words same reader writer admin owner' ;;
    'recipient add --out' | 'recipient add -o') action=files ;;
    'recipient list --format') action='words human json' ;;
    'recipient remove --why') action=nothing ;;
    'recipient request --name') action=nothing ;;
    'render --output' | 'render -o') action=files ;;
    'render --format') action='words contract compose compose-double compose-single docker systemd sh github node python ruby' ;;
    'resolve --take') action=nothing ;;
    'resolve --file') action=files ;;
    'resolve --fd') action=nothing ;;
    'resolve --why') action=nothing ;;
    'rollback --to') action=nothing ;;
    'rollback --why') action=nothing ;;
    'rotate --why') action=nothing ;;
    'rotate --format') action='words human json' ;;
    'set --file') action=files ;;
    'set --fd') action=nothing ;;
    'set --why') action=nothing ;;
    'status --format') action='words human json' ;;
    'unset --why') action=nothing ;;
    'uses --format') action='words human json dot mermaid' ;;
    'verify --against') action=nothing ;;
    'verify --format') action='words human json' ;;
    *) return 1 ;;
  esac
}

# True when operand number $2 of COMMAND can be completed.
_bulla_operand() {
  case "$1 $2" in
    'access 0') action='names secrets' ;;
    'age decrypt 0') action=files ;;
    'age encrypt 0') action=files ;;
    'age keygen 0') action=files ;;
    'completion 0') action='words bash zsh fish' ;;
    'diff '*) action='names environments' ;;
    'explain 0') action='names explainable' ;;
    'fill '*) action='names secrets' ;;
    'generate 0') action='names kinds' ;;
    'get 0') action='names secrets' ;;
    'git textconv 0') action=files ;;
    'help '*) action='names commands' ;;
    'history 0') action='names secrets' ;;
    'log 0') action='names secrets' ;;
    'recipient add 0') action='names members' ;;
    'recipient add '*) action=nothing ;;
    'recipient remove 0') action='names members' ;;
    'resolve 0') action='names secrets' ;;
    'rollback 0') action='names secrets' ;;
    'rotate '*) action='names variables' ;;
    'run '*) action=programs ;;
    'set 0') action='names secrets' ;;
    'unset 0') action='names secrets' ;;
    'uses 0') action='names variables' ;;
    *) return 1 ;;
  esac
}

# The options of COMMAND.
_bulla_options() {
  options=' --directory --color --quiet --verbose --help --version'
  case $1 in
    'access') options+=' --member --format --environment --identity --root --require-locked-memory' ;;
    'age decrypt') options+=' --identity-file --passphrase-file --passphrase-fd --reveal --out --require-locked-memory' ;;
    'age encrypt') options+=' --recipient --recipients-file --identity-file --passphrase --passphrase-file --passphrase-fd --work-factor --armor --out --require-locked-memory' ;;
    'age keygen') options+=' --to-recipients --pq --reveal --out --require-locked-memory' ;;
    'check') options+=' --format --compose --env-file --since --strict --fix --dry-run --yes --environment --compose-file --identity --root --require-locked-memory' ;;
    'completion') options+='' ;;
    'diff') options+=' --format --environment --compose-file --identity --root --require-locked-memory' ;;
    'edit') options+=' --why --force --plain-tmp --yes --environment --compose-file --identity --root --require-locked-memory' ;;
    'explain') options+=' --list --environment --compose-file --identity --root --require-locked-memory' ;;
    'fill') options+=' --why --yes --environment --compose-file --identity --root --require-locked-memory' ;;
    'generate') options+=' --count --classes --symbols --exclude --kinds --format --require-locked-memory' ;;
    'get') options+=' --reveal --environment --compose-file --identity --root --require-locked-memory' ;;
    'git fix') options+=' --dry-run --yes --environment --identity --root' ;;
    'git install') options+='' ;;
    'git pre-commit') options+='' ;;
    'git textconv') options+='' ;;
    'git uninstall') options+='' ;;
    'help') options+='' ;;
    'history') options+=' --all --format --environment --compose-file --identity --root --require-locked-memory' ;;
    'identity import') options+=' --file --fd --out --require-locked-memory' ;;
    'identity new') options+=' --out --require-locked-memory' ;;
    'identity show') options+=' --identity --require-locked-memory' ;;
    'init') options+=' --name --no-import --yes --compose-file --identity --require-locked-memory' ;;
    'list') options+=' --all --format --environment --compose-file --identity --root --require-locked-memory' ;;
    'log') options+=' --person --verify --limit --format --environment --identity --root --require-locked-memory' ;;
    'recipient add') options+=' --role --all-environments --new --out --reveal --yes --environment --identity --root --require-locked-memory' ;;
    'recipient list') options+=' --format --environment --identity --root --require-locked-memory' ;;
    'recipient remove') options+=' --why --all-environments --yes --environment --identity --root --require-locked-memory' ;;
    'recipient request') options+=' --name --identity --require-locked-memory' ;;
    'render') options+=' --output --format --diff --check --replace --reveal --environment --identity --root --require-locked-memory' ;;
    'resolve') options+=' --take --new --file --fd --exact --force --unset --why --yes --environment --identity --root --require-locked-memory' ;;
    'restore') options+=' --yes --environment --identity --root --require-locked-memory' ;;
    'rollback') options+=' --to --why --yes --environment --compose-file --identity --root --require-locked-memory' ;;
    'rotate') options+=' --due --exposed --all --dry-run --why --yes --format --environment --compose-file --identity --root --require-locked-memory' ;;
    'run') options+=' --force-name --any-env-file --environment --identity --root --require-locked-memory' ;;
    'set') options+=' --file --fd --exact --why --force --yes --environment --compose-file --identity --root --require-locked-memory' ;;
    'status') options+=' --format --environment --identity --root --require-locked-memory' ;;
    'unset') options+=' --why --yes --environment --compose-file --identity --root --require-locked-memory' ;;
    'uses') options+=' --format --environment --compose-file' ;;
    'verify') options+=' --accept --against --format --environment --compose-file --identity --root --require-locked-memory' ;;
    '') options+=' --environment --compose-file --identity --root --require-locked-memory' ;;
  esac
}

# True when WORD begins commands of two words; $action are the second ones.
_bulla_family() {
  case $1 in
    age) action='words decrypt encrypt keygen' ;;
    git) action='words fix install pre-commit textconv uninstall' ;;
    identity) action='words import new show' ;;
    recipient) action='words add list remove request' ;;
    *) return 1 ;;
  esac
}

# Adds the words given that begin with what was typed.
_bulla_words() {
  local word
  for word in "$@"; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}

# Does what $action says: "words A B", "names QUERY", files, folders, programs or nothing.
_bulla_act() {
  local found=()
  case $action in
    'words '*)
      read -r -a found <<<"${action#words }"
      _bulla_words "${found[@]}"
      ;;
    'names '*)
      mapfile -t found < <("${COMP_WORDS[0]}" "${context[@]}" --list "${action#names }" 2>/dev/null)
      ((${#found[@]} == 0)) || mapfile -t found < <(printf '%q\n' "${found[@]}")
      _bulla_words "${found[@]}"
      ;;
    files)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      ;;
    folders)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$cur")
      ;;
    programs)
      compopt -o filenames 2>/dev/null
      if ((operand == 0)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$cur")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      fi
      ;;
  esac
}

_bulla() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' family='' action='' options='' word i=1 operand=0 ends=''
  local context=()
  COMPREPLY=()
  # Bash splits --name=value at the sign.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]] && ((COMP_CWORD > 2)); then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  while ((i < COMP_CWORD)); do
    word=${COMP_WORDS[i]}
    i=$((i + 1))
    if [[ -n $ends ]]; then
      operand=$((operand + 1))
    elif [[ $word == -- ]]; then
      ends=1
    elif [[ $word == -* ]]; then
      if _bulla_value "$command" "$word"; then
        [[ ${COMP_WORDS[i]} == '=' ]] && i=$((i + 1))
        case $word in
          -C | --directory | -e | --environment | -f | --compose-file)
            ((i < COMP_CWORD)) && context+=("$word" "${COMP_WORDS[i]}")
            ;;
        esac
        i=$((i + 1))
      fi
    elif [[ -n $family ]]; then
      command="$family $word"
      family=''
    elif [[ -z $command ]] && _bulla_family "$word"; then
      family=$word
    elif [[ -z $command ]]; then
      command=$word
    else
      operand=$((operand + 1))
      action=''
      _bulla_operand "$command" 0 && [[ $action == programs ]] && ends=1
    fi
  done
  action=''
  if [[ -z $ends ]] && [[ $prev == -* ]] && _bulla_value "$command" "$prev"; then
    _bulla_act
  elif [[ -z $ends && $cur == -* ]]; then
    _bulla_options "$command"
    action="words $options"
    _bulla_act
  elif [[ -n $family ]]; then
    _bulla_family "$family"
    _bulla_act
  elif [[ -z $command ]]; then
    action="words ${_bulla_commands//$'\n'/ }"
    _bulla_act
  elif _bulla_operand "$command" "$operand"; then
    _bulla_act
  fi
}

complete -F _bulla bulla
