#!/bin/sh
# Fuzzes every target for FUZZ_SECONDS (60) with libFuzzer, from the seeds and what was found before.
# A find stays in build-fuzz/found/<target>/ and fails the run.
set -u
cd "$(dirname "$0")/../.." || exit 6
seconds=${FUZZ_SECONDS:-60}
folder=build-fuzz
log=build-test-logs/fuzz-build.log
mkdir -p build-test-logs
passed=0
failed=0

if [ ! -f "$folder/build.ninja" ]; then
  CC=clang meson setup "$folder" --werror -Dfuzzing=libfuzzer -Db_sanitize=address,undefined \
    -Db_lundef=false >"$log" 2>&1 || { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
fi
# The fuzz targets alone, not every test.
programs=$(ninja -C "$folder" -t targets all | sed -n 's/^\(tests\/fuzz\/fuzz_[a-z0-9_]*\):.*/\1/p')
# shellcheck disable=SC2086
ninja -C "$folder" $programs >"$log" 2>&1 || { cat "$log"; echo "0 passed, 1 failed"; exit 1; }

# The words that a target's inputs are made of, where they are texts of compose files.
dictionary() {
  case $1 in
    check | compose | dotenv | fix | interpolate | model | survey | yaml)
      echo "-dict=tests/fuzz/dictionaries/compose.dict"
      ;;
  esac
}

for program in "$folder"/tests/fuzz/fuzz_*; do
  if [ ! -f "$program" ] || [ ! -x "$program" ]; then
    continue
  fi
  target=$(basename "$program")
  target=${target#fuzz_}
  found=$folder/found/$target
  mkdir -p "$found/corpus"
  # shellcheck disable=SC2046
  if "$program" $(dictionary "$target") -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$found/" "$found/corpus" "tests/fuzz/corpus/$target" >"$found/log" 2>&1; then
    passed=$((passed + 1))
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$found/log")
    echo "$target: $runs inputs"
  else
    failed=$((failed + 1))
    echo "FAIL $target: see $found"
    tail -n 30 "$found/log"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
