#!/bin/sh
# no_openssl_calls.sh PROGRAM STACK CC: with an X25519 identity no command calls OpenSSL. Every function
# that the program imports from it is replaced by one that says its name and ends with status 99. TAP.
set -eu
program=$(realpath "$1") stack=$(realpath "$2") cc=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077

nm -D --undefined-only "$program" | sed -n 's/.* U \([A-Za-z0-9_]*\)@OPENSSL_.*/\1/p' >functions
if [ ! -s functions ]; then
  echo '1..0 # SKIP the program imports nothing of OpenSSL'
  exit 0
fi
{
  echo '#include <stdlib.h>'
  echo '#include <unistd.h>'
  echo 'static void stop(const char *name, size_t len) { (void)!write(2, name, len); _exit(99); }'
  sed 's/.*/void &(void); void &(void) { stop("&\\n", sizeof "&"); }/' functions
} >shim.c
# CC may hold a launcher and its compiler.
# shellcheck disable=SC2086
$cc -shared -fPIC -o shim.so shim.c

count=0
# check WHAT STATUS COMMAND...: without OpenSSL the command ends with STATUS.
check() {
  count=$((count + 1))
  what=$1 want=$2
  shift 2
  got=0
  env -i PATH="$PATH" HOME="$work/home" LD_PRELOAD="$work/shim.so" "$program" "$@" \
    >out 2>err </dev/null || got=$?
  if [ "$got" = "$want" ]; then
    echo "ok $count - $what"
  else
    echo "not ok $count - $what: status $got"
    sed 's/^/# /' err
  fi
}

mkdir home shop
cp -R "$stack/." shop
cd shop
env -i PATH="$PATH" HOME="$work/home" "$program" init --name alice </dev/null >/dev/null 2>&1
printf 'sk_live_%024d\n' 1 >"$work/value"
env -i PATH="$PATH" HOME="$work/home" "$program" set STRIPE_SECRET_KEY --file "$work/value" 2>/dev/null
check 'run calls nothing of OpenSSL' 0 run -- true
check 'get' 0 get STRIPE_SECRET_KEY
check 'render' 0 render --output -
check 'check' 0 check
check 'list' 0 list
check 'set' 0 set STRIPE_SECRET_KEY --file "$work/value" --force
check 'recipient list' 0 recipient list
check 'verify' 0 verify
# That a call would be seen: an RSA recipient needs OpenSSL.
ssh-keygen -q -t rsa -b 2048 -N '' -f "$work/rsa"
check 'an RSA key does call it' 99 age encrypt -R "$work/rsa.pub" compose.yaml
echo "1..$count"
