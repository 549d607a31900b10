#!/bin/sh
# Builds with an OpenSSL that has ML-KEM (3.5 or newer) and runs what depends on it: the units and the
# program tests of age's keys, the published vectors, age 1.3 beside ours. PEERS names a folder that the
# shared tools/peers.sh made with "openssl"; without it one is made.
set -u
cd "$(dirname "$0")/../.." || exit 6
shared=${BULLA_SHARED:-../shared}
peers=${PEERS:-}
folder=build-postquantum
log=build-test-logs/postquantum.log
mkdir -p build-test-logs

skip() {
  echo "SKIP: $1"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
}

if [ -z "$peers" ] && [ -x "$shared/tools/peers.sh" ]; then
  peers=build-test-logs/peers-openssl
  [ -r "$peers/openssl.flags" ] || "$shared/tools/peers.sh" "$peers" openssl >"$log" 2>&1
fi
[ -r "$peers/openssl.flags" ] || skip 'no OpenSSL 3.5 (PEERS names the folder of one)'
PEERS=$(realpath "$peers")
export PEERS
echo 'int main(void) { return 0; }' >build-test-logs/empty.c
cc -o build-test-logs/empty build-test-logs/empty.c -lzstd -lz 2>"$log" ||
  skip 'linking it needs libzstd-dev and zlib1g-dev'

if [ ! -f "$folder/build.ninja" ]; then
  mkdir -p "$folder"
  {
    echo 'Name: libcrypto'
    echo 'Description: an OpenSSL beside the one of the system'
    echo 'Version: 3.5'
    printf 'Cflags:'
    tr ' ' '\n' <"$PEERS/openssl.flags" | grep '^-I' | tr '\n' ' '
    printf '\nLibs: '
    tr ' ' '\n' <"$PEERS/openssl.flags" | grep -v '^-I' | tr '\n' ' '
    echo
  } >"$folder/libcrypto.pc"
  PKG_CONFIG_PATH=$PWD/$folder meson setup "$folder" --werror >"$log" 2>&1 ||
    { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
fi
units='age age_hybrid age_plugin age_ssh'
targets='bulla tests/conformance/conformance_age'
for unit in $units; do
  targets="$targets tests/unit/test_$unit"
done
# shellcheck disable=SC2086
ninja -C "$folder" $targets >"$log" 2>&1 || { cat "$log"; echo "0 passed, 1 failed"; exit 1; }

passed=0
failed=0
# check WHAT COMMAND...
check() {
  what=$1
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $what"
    cat "$log"
  fi
}

check 'the build has ML-KEM' "$folder/bulla" age keygen --pq -o "$folder/new-$$.key"
rm -f "$folder/new-$$.key"
# Names are shared by suites: these are units, program tests and the comparison with other programs.
for name in $units keys; do
  check "$name" meson test -C "$folder" --no-rebuild "$name"
done
if [ -d "$shared/vectors/age" ]; then
  every_vector() {
    "$folder/tests/conformance/conformance_age" "$shared/vectors/age" >"$folder/vectors.txt" &&
      tail -n 1 "$folder/vectors.txt" && ! grep -q '^SKIP' "$folder/vectors.txt"
  }
  check 'every vector, none passed over' every_vector
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
