#!/bin/sh
# gcc's analyzer in a build of its own, where a warning is an error: the leak checker that knows the
# `cleanup` attribute. Each source file is one test.
set -u
cd "$(dirname "$0")/../.." || exit 6
folder=build-analyzer
log=build-test-logs/analyzer-build.log
mkdir -p build-test-logs
if [ ! -f "$folder/build.ninja" ]; then
  CC=gcc meson setup "$folder" --werror -Dtests=false "-Dc_args=-fanalyzer -DBULLA_ANALYZER" >"$log" 2>&1 ||
    { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
fi
objects=$(ninja -C "$folder" -t targets all | sed -n 's/^\([^ ]*\.c\.o\): .*/\1/p')
# shellcheck disable=SC2086
ninja -C "$folder" -k 0 $objects >"$log" 2>&1 || true
passed=0
failed=0
for object in $objects; do
  if [ -f "$folder/$object" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $object"
  fi
done
[ "$failed" -eq 0 ] || cat "$log"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
