#!/bin/sh
# shellcheck disable=SC2034
# The packages that bulla needs on a machine, and how they get there. Sourced by the scripts beside.

build_packages='gcc libc6-dev meson ninja-build pkg-config libsodium-dev libyaml-dev libinih-dev libpcre2-dev'
test_packages='clang check bats expect git age jq libjansson-dev zlib1g-dev shellcheck valgrind zsh fish mandoc clang-format'

# need_packages NAME...: installs those that are missing; elsewhere than on Debian and Ubuntu it
# prints the list and exits 6.
need_packages() {
  if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    missing_tools=
    for tool in cc meson ninja pkg-config; do
      command -v "$tool" >/dev/null 2>&1 || missing_tools=1
    done
    [ -z "$missing_tools" ] && return 0
    echo "This system has no apt-get. bulla needs these packages (Debian's names):" >&2
    printf '  %s\n' "$@" >&2
    exit 6
  fi
  missing=
  for package in "$@"; do
    case "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)" in
      *' installed') ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -z "$missing" ] && return 0
  echo "installing:$missing" >&2
  sudo=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "not root and no sudo: install these packages and run again:$missing" >&2
      exit 6
    fi
    sudo=sudo
  fi
  log=$(mktemp)
  # shellcheck disable=SC2086
  if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y \
      --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "could not install the packages above" >&2
    exit 6
  fi
  rm -f "$log"
}
