#!/bin/sh
# clang-tidy (.clang-tidy) over every source file of the library and the program that a clang build
# compiles, with its commands. clang-tidy.txt lists what it finds wrongly; CLANG_TIDY_FILES names
# some files.
set -u
cd "$(dirname "$0")/../.." || exit 6
if ! command -v clang-tidy >/dev/null 2>&1; then
  echo "SKIP: clang-tidy is not installed"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
fi
# Other majors know other checks: what they say is no verdict on this code.
major=$(clang-tidy --version | sed -n 's/.*version \([0-9]*\)\..*/\1/p')
if [ "$major" != 14 ]; then
  echo "SKIP: clang-tidy is of major $major, not 14"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
fi
folder=build-clang
log=build-test-logs/clang-tidy-build.log
mkdir -p build-test-logs
passed=0
failed=0
skipped=0
if [ ! -f "$folder/build.ninja" ]; then
  CC=clang meson setup "$folder" --werror >"$log" 2>&1 ||
    { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
fi
# The sources that the build writes, and no more.
ninja -C "$folder" src/generate/words_list.c >"$log" 2>&1 ||
  { cat "$log"; echo "0 passed, 1 failed"; exit 1; }

# findings SOURCE: "FILE CHECK" for each kind of finding in what clang-tidy has said.
findings() {
  sed -n 's/^.*: \(error\|warning\): .*\[\([a-zA-Z0-9.,-]*\)\]$/\2/p' "$folder/tidy.txt" |
    sed "s/,.*//; s|^|$1 |" | sort -u
}

for source in ${CLANG_TIDY_FILES:-src/*/*.c}; do
  # One of two, by what the machine's OpenSSL has: the other one's headers may be missing.
  if ! grep -q "\"file\": \"../$source\"" "$folder/compile_commands.json"; then
    skipped=$((skipped + 1))
    echo "SKIP: the clang build does not compile $source"
    continue
  fi
  clang-tidy -p "$folder" --quiet --header-filter='/(include/bulla|src)/' "$source" \
    >"$folder/tidy.txt" 2>"$folder/tidy-errors.txt"
  status=$?
  findings "$source" >"$folder/found.txt"
  grep "^$source " tests/long/clang-tidy.txt | sort >"$folder/known.txt"
  if [ "$status" -le 1 ] && cmp -s "$folder/found.txt" "$folder/known.txt"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $source"
    diff "$folder/known.txt" "$folder/found.txt"
    cat "$folder/tidy.txt"
  fi
done
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
echo
[ "$failed" -eq 0 ]
