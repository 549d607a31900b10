"""citations.py ROOT: what comments and pages cite of our documentation exists, sections included."""

import pathlib
import re
import sys

# "docs/vault.5.md 7.1", "vault.5.md", "design/secrets.md"
CITED = re.compile(r"(?<![\w/.${}-])((?:[\w.-]+/)*[\w.-]+\.md)(?:[ ),]* ?(?:section )?(\d+(?:\.\d+)*)\b)?")
# Specifications of others, by the words in front of the name.
FOREIGN = re.compile(r"(C2SP|compose-spec|https?://\S*)[ /]$")


def sections(path):
    return set(re.findall(r"^#+ (\d+(?:\.\d+)*)\.? ", path.read_text(encoding="utf-8"), re.MULTILINE))


def resolve(root, folder, name):
    for base in (root, folder, root / "docs"):
        if (base / name).is_file():
            return base / name
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    problems = []
    files = [path for folder in ("include", "src", "tests", "scripts", "docs")
             for path in sorted((root / folder).rglob("*"))
             if path.suffix in (".c", ".h", ".def", ".in", ".sh", ".bash", ".bats", ".md", ".mjs", ".js", ".build")
             or folder == "scripts"]
    for path in [file for file in files if file.is_file() and "data" not in file.parts] + sorted(root.glob("*.md")):
        text = path.read_text(encoding="utf-8", errors="replace")
        for found in CITED.finditer(text):
            if FOREIGN.search(text[max(0, found.start() - 80):found.start()]):
                continue
            where = f"{path.relative_to(root)}:{text.count(chr(10), 0, found.start()) + 1}"
            target = resolve(root, path.parent, found.group(1))
            if target is None:
                problems.append(f"{where}: there is no {found.group(1)}")
            elif found.group(2) and sections(target) and found.group(2) not in sections(target):
                problems.append(f"{where}: {found.group(1)} has no section {found.group(2)}")
    print("\n".join(problems) or "nothing found")
    return 1 if problems else 0


sys.exit(main())
