#!/bin/sh
# shellcheck disable=SC2034
# The packages that bulla needs on a machine, and how they get there. Sourced by the scripts beside.

build_packages='gcc libc6-dev meson ninja-build pkg-config libsodium-dev libyaml-dev libinih-dev libpcre2-dev'
test_packages='clang check bats expect git age jq libjansson-dev zlib1g-dev shellcheck valgrind zsh fish mandoc clang-format
libssl-dev libzstd-dev openssl openssh-client patch python3-jsonschema libxml2-utils graphviz'
long_packages='clang-tidy cppcheck postgresql mariadb-server-core mariadb-client-core rabbitmq-server redis-tools'

# True on Debian 12 and newer (testing has no number) and on Ubuntu 24.04 and newer.
is_known_system() {
  command -v apt-get >/dev/null 2>&1 && [ -r /etc/os-release ] || return 1
  (
    ID='' VERSION_ID=''
    # shellcheck source=/dev/null
    . /etc/os-release
    major=${VERSION_ID%%.*}
    case $ID in
      debian) [ -z "$major" ] || [ "$major" -ge 12 ] ;;
      ubuntu) [ -n "$major" ] && [ "$major" -ge 24 ] ;;
      *) false ;;
    esac
  )
}

# The packages among NAME... that dpkg does not have, each behind a blank.
missing_packages() {
  for package in "$@"; do
    case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true) in
      *' installed') ;;
      *) printf ' %s' "$package" ;;
    esac
  done
}

# True where what the packages would bring is there under any name.
has_tools() {
  for tool in cc meson ninja pkg-config; do
    command -v "$tool" >/dev/null 2>&1 || return 1
  done
  pkg-config --exists libsodium libcrypto yaml-0.1 inih libpcre2-8
}

# need_packages NAME...: installs those that are missing; elsewhere than on the systems above it
# prints the list and exits 6, unless the tools are there.
need_packages() {
  missing=$*
  if command -v dpkg-query >/dev/null 2>&1; then
    missing=$(missing_packages "$@")
  elif has_tools; then
    return 0
  fi
  [ -z "$missing" ] && return 0
  if ! is_known_system; then
    echo "This script installs packages on Debian 12 and Ubuntu 24.04 or newer only." >&2
    echo "bulla needs these (Debian's names); install them and run it again:" >&2
    # shellcheck disable=SC2086
    printf '  %s\n' $missing >&2
    exit 6
  fi
  sudo=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "not root and no sudo: install these packages and run again:$missing" >&2
      exit 6
    fi
    sudo=sudo
  fi
  echo "installing:$missing" >&2
  log=$(mktemp)
  # shellcheck disable=SC2086
  if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y \
      --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "could not install the packages above" >&2
    exit 6
  fi
  rm -f "$log"
}
