#!/bin/sh
# The unit tests under valgrind, in one process each: what the sanitizers do not see is a read of
# memory that nothing has written.
set -u
cd "$(dirname "$0")/../.." || exit 6
if ! command -v valgrind >/dev/null 2>&1; then
  echo "SKIP: valgrind is not installed"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
fi
folder=build-dynamic
log=build-test-logs/valgrind-build.log
mkdir -p build-test-logs
passed=0
failed=0
skipped=0
if [ ! -f "$folder/build.ninja" ]; then
  meson setup "$folder" --werror >"$log" 2>&1 ||
    { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
fi
ninja -C "$folder" >"$log" 2>&1 || { cat "$log"; echo "0 passed, 1 failed"; exit 1; }

for program in "$folder"/tests/unit/test_*; do
  if [ ! -f "$program" ] || [ ! -x "$program" ]; then
    continue
  fi
  name=$(basename "$program")
  if [ "$name" = test_interrupts ]; then
    echo "SKIP: $name: valgrind ends itself at a signal that says it is the system's"
    skipped=$((skipped + 1))
    continue
  fi
  # Guard pages make libsodium's allocations look odd to valgrind, never wrong.
  if CK_FORK=no CK_DEFAULT_TIMEOUT=0 valgrind --quiet --error-exitcode=9 --leak-check=full \
    --errors-for-leak-kinds=definite "$program" >"$folder/$name.log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $name"
    grep -vE '^ok ' "$folder/$name.log" | tail -n 40
  fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
