#!/bin/sh
# tutorial.sh ROOT CC...: the command of docs/first-command.md compiles without a warning, and its
# bats file parses.
set -eu
root=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk '/^```/ { inside = $0 == "```c"; next } inside' "$root/docs/first-command.md" >"$work/cmd_exits.c"
awk '/^```/ { inside = $0 == "```bash"; next } inside' "$root/docs/first-command.md" >"$work/exits.bats"
[ -s "$work/cmd_exits.c" ] && [ -s "$work/exits.bats" ]
"$@" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -pedantic -Werror -fsyntax-only \
  -Wno-missing-field-initializers -I"$root/include" -I"$root/src/cli" "$work/cmd_exits.c"
if command -v bats >/dev/null 2>&1; then
  # From 1.9 on bats loads what a file loads before it counts.
  cp "$root/tests/cli/helper.bash" "$work"
  [ "$(bats --count "$work/exits.bats")" -eq 3 ]
fi
