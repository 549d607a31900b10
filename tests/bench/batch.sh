#!/bin/sh
# What a command that writes many values costs: fill, rotate --all, edit of all and init from a .env. Processor time, in
# one run for all sizes: twice the values should cost about twice as much. Nothing here asserts it.
# usage: tests/bench/batch.sh BULLA [VALUES...]
set -eu
umask 077
bulla=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- 1000 2000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
HOME=$work/home
export HOME
unset XDG_CONFIG_HOME XDG_STATE_HOME BULLA_ENV BULLA_ROOT BULLA_IDENTITY BULLA_IDENTITY_FILE VISUAL
mkdir "$HOME"
"$bulla" identity new >/dev/null 2>&1

# cost COMMAND...: milliseconds of processor time.
cost() {
  /usr/bin/time -o "$work/time" -f '%U %S' "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
  awk '{ print ($1 + $2) * 1000 }' "$work/time"
}

# Every value gets a letter more.
cat >"$work/editor" <<'END'
#!/bin/sh
sed -i -E 's/^(SECRET_[0-9]+=.*[0-9a-f])/\1a/' "$1"
END
chmod +x "$work/editor"

printf '%-8s %10s %10s %10s %10s  milliseconds\n' values fill rotate edit init
for values in "$@"; do
  mkdir -p "$work/$values" "$work/new-$values"
  cd "$work/$values"
  {
    printf '[bulla]\nformat = 1\nenvironments = dev\n'
    awk -v n="$values" 'BEGIN { for (i = 1; i <= n; i++) printf "\n[SECRET_%d]\nkind = hex:16\n", i }'
  } >bulla.ini
  "$bulla" init >/dev/null 2>&1 </dev/null
  rm -f .bulla/dev.vault
  rm -rf "$HOME/.local"
  cp bulla.ini "$work/new-$values"
  printf '[bulla]\nformat = 1\nenvironments = dev\n' >bulla.ini
  "$bulla" init >/dev/null 2>&1 </dev/null
  cp "$work/new-$values/bulla.ini" .
  fill=$(cost "$bulla" fill)
  rotate=$(cost "$bulla" rotate --all)
  edit=$(EDITOR=$work/editor cost "$bulla" edit --force)
  "$bulla" render >/dev/null 2>&1
  cp .env "$work/new-$values/.env"
  cd "$work/new-$values"
  init=$(cost "$bulla" init)
  printf '%-8d %10.0f %10.0f %10.0f %10.0f\n' "$values" "$fill" "$rotate" "$edit" "$init"
done
