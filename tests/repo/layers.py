"""layers.py ROOT: every folder of src/ includes only what the table of docs/design/layers.md allows.

A public header counts as the folder that implements it. Third-party headers stay in their folder.
"""

import pathlib
import re
import sys

PROGRAM = "cli"
THIRD_PARTY = {
    "yaml.h": ["yaml/"],
    "ini.h": ["contract/"],
    "pcre2.h": ["pattern/"],
    "jansson.h": ["exchange/"],
    "sodium.h": ["crypto/", "codec/", "base/secret.c"],
    "openssl/": ["crypto/", "pki/", "base/net.c"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


ROW = re.compile(r"^\| (\d) \| ([a-z, ]+) \| ([a-z, ]+) \|$", re.MULTILINE)


def read_table(path):
    """Folder to the set of folders that it may use; a row's must all be of a layer not above it."""
    allowed, layer_of = {}, {}
    for layer, folders, uses in ROW.findall(path.read_text(encoding="utf-8")):
        for folder in folders.split(", "):
            allowed[folder] = set(() if uses == "nothing of ours" else uses.split(", "))
            layer_of[folder] = int(layer)
    problems = [f"{path.name}: {folder} (layer {layer_of[folder]}) may not use {use}"
                for folder, uses in allowed.items() for use in sorted(uses)
                if layer_of.get(use, 9) > layer_of[folder] or folder in allowed.get(use, ())]
    return allowed, problems


def includes(path):
    text = path.read_text(encoding="utf-8")
    for found in INCLUDE.finditer(text):
        yield text.count("\n", 0, found.start(2)) + 1, found.group(1), found.group(2)


def owner(public, folders):
    """The folder that implements bulla/PUBLIC.h: its name, or base."""
    return public if public in folders else "base"


def main():
    root = pathlib.Path(sys.argv[1])
    src = root / "src"
    folders = {path.name for path in src.iterdir() if path.is_dir()}
    allowed, problems = read_table(root / "docs/design/layers.md")
    for path in sorted(src.glob("*/*.[ch]")) + sorted((root / "include/bulla").glob("*.h")):
        place = path.relative_to(root).as_posix()
        inside = path.relative_to(src).as_posix() if path.is_relative_to(src) else ""
        folder = inside.split("/")[0]
        for line, form, name in includes(path):
            here = f"{place}:{line}: "
            for header, homes in THIRD_PARTY.items():
                if form == "<" and name.startswith(header):
                    if not any(inside.startswith(home) for home in homes):
                        problems.append(f"{here}<{name}> belongs to {', '.join(homes)}")
            if form == "<":
                continue
            part = name.split("/")[0]
            if folder == PROGRAM:
                if part != "bulla" and "/" in name:
                    problems.append(f"{here}the program includes include/bulla only")
                continue
            if "/" not in name:
                problems.append(f"{here}write \"{folder or 'bulla'}/{name}\"")
                continue
            if not folder:
                if part != "bulla":
                    problems.append(f"{here}a public header includes public headers only")
                continue
            if part == "bulla":
                part = owner(name[len("bulla/"):-len(".h")], folders)
            if folder not in allowed:
                problems.append(f"{here}{folder}/ has no line in docs/design/layers.md")
            elif part != folder and part not in allowed[folder]:
                problems.append(f"{here}{folder}/ may not use {part}/")
    print("\n".join(problems) or f"{len(folders)} folders keep to their layers")
    return 1 if problems else 0


sys.exit(main())
