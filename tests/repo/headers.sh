#!/bin/sh
# headers.sh ROOT BUILD CC...: each header compiles by itself, as C17 and pedantically.
set -u
root=$1
build=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
count=0

# compile HEADER NAME FLAG...
compile() {
  header=$1
  name=$2
  shift 2
  count=$((count + 1))
  # Twice, for the guard; a declaration, as an empty unit is no C.
  printf '#include "%s"\n#include "%s"\nextern int nothing;\n' "$name" "$name" >"$work/unit.c"
  if ! "$@" -std=c17 -D_GNU_SOURCE -fsyntax-only -pedantic-errors -Wall -Wextra -Werror \
    -I"$root/include" -I"$build/include" "$work/unit.c"; then
    echo "${header#"$root"/} does not compile alone"
    failed=1
  fi
}

for header in "$root"/include/bulla/*.h; do
  compile "$header" "bulla/$(basename "$header")" "$@"
done
for header in "$root"/src/*/*.h; do
  folder=$(basename "$(dirname "$header")")
  case $folder in
    cli) compile "$header" "$(basename "$header")" "$@" -I"$root/src/cli" ;;
    *) compile "$header" "$folder/$(basename "$header")" "$@" -I"$root/src" ;;
  esac
done
echo "$count headers"
exit "$failed"
