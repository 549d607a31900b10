#!/bin/sh
# use-as-library.sh ROOT BUILD CC...: what `meson install` leaves is enough to build against.
set -eu
root=$1
build=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DESTDIR=$work/installed meson install -C "$build" --no-rebuild --quiet >"$work/log" 2>&1 || {
  cat "$work/log"
  exit 1
}
pc=$(find "$work/installed" -name bulla.pc)
[ -n "$pc" ] || {
  echo "no bulla.pc is installed"
  exit 1
}
prefix=$(sed -n 's/^prefix=//p' "$pc")
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
flags=$(pkg-config --define-variable=prefix="$work/installed$prefix" --cflags --libs --static bulla)
# shellcheck disable=SC2086
"$@" -std=c17 -Wall -Wextra -Werror "$root/tests/repo/use-as-library.c" -o "$work/program" $flags
"$work/program"
