#!/bin/sh
# lint.sh TOOL FILE: the tool finds nothing in the generated FILE.
set -eu
if ! command -v "$1" >/dev/null 2>&1; then
  echo "SKIP: $1 is not installed"
  exit 77
fi
case $1 in
  mandoc) mandoc -Tlint -Wwarning "$2" ;;
  shellcheck) shellcheck "$2" ;;
  zsh) zsh -f -n "$2" ;;
  fish) fish --no-config --no-execute "$2" ;;
  *)
    echo "no way to lint with $1 is known"
    exit 2
    ;;
esac
