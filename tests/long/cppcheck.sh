#!/bin/sh
# cppcheck over every source file of the library and the program, beside gcc's analyzer and clang-tidy.
# It does not know the `cleanup` attribute, so leaks are not asked of it, nor where a declaration
# stands. cppcheck.txt lists what it finds wrongly; CPPCHECK_FILES names some files.
set -u
cd "$(dirname "$0")/../.." || exit 6
if ! command -v cppcheck >/dev/null 2>&1; then
  echo "SKIP: cppcheck is not installed"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
fi
# Other versions find other things: what they say is no verdict on this code.
version=$(cppcheck --version | sed 's/^[^0-9]*//')
if [ "$version" != 2.10 ]; then
  echo "SKIP: cppcheck is of version $version, not 2.10"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# shellcheck disable=SC2086
cppcheck --std=c11 --enable=warning,style,performance,portability \
  --suppress=memleak --suppress=resourceLeak --suppress=variableScope \
  -q -j "$(nproc)" -I include -I src -D__GNUC__=12 --template='{file} {id} {line} {message}' \
  ${CPPCHECK_FILES:-src} >"$work/said" 2>&1 || { cat "$work/said"; echo "0 passed, 1 failed"; exit 1; }

for source in ${CPPCHECK_FILES:-src/*/*.c}; do
  grep "^$source " "$work/said" | cut -d ' ' -f 1,2 | sort -u >"$work/found"
  grep "^$source " tests/long/cppcheck.txt | sort >"$work/known"
  if cmp -s "$work/found" "$work/known"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $source"
    diff "$work/known" "$work/found"
    grep "^$source " "$work/said"
  fi
done
# What stands in no source file: a header, or words of the program itself.
if grep -v '^src/[a-z]*/[a-z0-9_]*\.c ' "$work/said"; then
  failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
