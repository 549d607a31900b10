#!/bin/sh
# format.sh ROOT: clang-format has nothing to change. Other majors than 14 format differently.
set -u
cd "$1" || exit 1
if ! command -v clang-format >/dev/null 2>&1; then
  echo "SKIP: clang-format is not installed"
  exit 77
fi
major=$(clang-format --version | sed -n 's/.*version \([0-9]*\).*/\1/p')
if [ "$major" != 14 ]; then
  echo "SKIP: clang-format is version $major, the layout is that of 14"
  exit 77
fi
find src include tests -name '*.[ch]' ! -path '*/corpus/*' ! -path '*/data/*' -print0 |
  xargs -0 clang-format --dry-run -Werror
