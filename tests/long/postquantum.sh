#!/bin/sh
# Builds with an OpenSSL that has ML-KEM (3.5 or newer) and runs what depends on it: the units and the
# program tests of age's keys, the published vectors, age 1.3 beside ours; the units and the vectors once more under
# AddressSanitizer and UBSan. PEERS names a folder that the shared tools/peers.sh made with "openssl"; without it one
# is made.
set -u
cd "$(dirname "$0")/../.." || exit 6
shared=${BULLA_SHARED:-../shared}
peers=${PEERS:-}
folder=build-postquantum
sanitized=build-postquantum-asan
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

units='age age_hybrid age_plugin age_ssh'
targets=tests/conformance/conformance_age
for unit in $units; do
  targets="$targets tests/unit/test_$unit"
done

# build FOLDER TARGETS OPTION...: against the OpenSSL of PEERS.
build() {
  to=$1 wanted=$2
  shift 2
  if [ ! -f "$to/build.ninja" ]; then
    mkdir -p "$to"
    {
      echo 'Name: libcrypto'
      echo 'Description: an OpenSSL beside the one of the system'
      echo 'Version: 3.5'
      printf 'Cflags:'
      tr ' ' '\n' <"$PEERS/openssl.flags" | grep '^-I' | tr '\n' ' '
      printf '\nLibs: '
      tr ' ' '\n' <"$PEERS/openssl.flags" | grep -v '^-I' | tr '\n' ' '
      echo
    } >"$to/libcrypto.pc"
    PKG_CONFIG_PATH=$PWD/$to meson setup "$to" --werror "$@" >"$log" 2>&1 ||
      { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
  fi
  # shellcheck disable=SC2086
  ninja -C "$to" $wanted >"$log" 2>&1 || { cat "$log"; echo "0 passed, 1 failed"; exit 1; }
}
build "$folder" "bulla $targets"
build "$sanitized" "$targets" -Db_sanitize=address,undefined -Db_lundef=false

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
for name in $units; do
  check "$name, sanitized" meson test -C "$sanitized" --no-rebuild --suite unit "$name"
done
# every_vector FOLDER
every_vector() {
  UBSAN_OPTIONS=halt_on_error=1 "$1/tests/conformance/conformance_age" "$shared/vectors/age" >"$1/vectors.txt" &&
    tail -n 1 "$1/vectors.txt" && ! grep -q '^SKIP' "$1/vectors.txt"
}
if [ -d "$shared/vectors/age" ]; then
  check 'every vector, none passed over' every_vector "$folder"
  check 'every vector, sanitized' every_vector "$sanitized"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
