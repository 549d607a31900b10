# shellcheck shell=sh
# For the long tests that need the dynamic build: dynamic_build makes $folder, or fails as a test does.
folder=build-dynamic

dynamic_build() {
  dynamic_log=build-test-logs/dynamic-build.log
  mkdir -p build-test-logs
  if [ ! -f "$folder/build.ninja" ]; then
    meson setup "$folder" --werror >"$dynamic_log" 2>&1 ||
      { cat "$dynamic_log"; echo "0 passed, 1 failed"; exit 1; }
  fi
  ninja -C "$folder" >"$dynamic_log" 2>&1 ||
    { cat "$dynamic_log"; echo "0 passed, 1 failed"; exit 1; }
}
