"""lints.py ROOT: mistakes that a text search finds. A rule that has exceptions lists them exactly."""

import pathlib
import re
import sys

# memcmp leaks where two secrets differ, by time: bulla_secret_bytes_equal is for them. These compare
# what is public (names, ids, file text); the number is how often.
MEMCMP = "tests/repo/memcmp.txt"

FORMATS = re.compile(
    r"\b(snprintf|\w*_printf|bulla_error\w*|bulla_asprintf|message_\w+|fail\w*|\w*_refuse\w*)\s*\(")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")


def strip_comments(text):
    """The code of a C file with comments blanked, lines kept; strings stay."""
    pattern = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|/\*.*?\*/|//[^\n]*', re.DOTALL)
    return pattern.sub(
        lambda m: m.group() if m.group()[0] in "\"'" else re.sub(r"[^\n]", " ", m.group()), text)


def arguments(code, start):
    """The arguments of the call whose bracket opens at START."""
    depth, parts, at, last = 0, [], start, start + 1
    while at < len(code):
        c = code[at]
        if c in "\"'":
            at += 1
            while at < len(code) and code[at] != c:
                at += 2 if code[at] == "\\" else 1
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                return parts + [code[last:at]]
        elif c == "," and depth == 1:
            parts.append(code[last:at])
            last = at + 1
        at += 1
    return parts


def specifiers(part):
    """The conversions of a format: for each argument it takes, True where that is a plain %s."""
    part = re.sub(r"PRI\w+", '"u"', part)
    text = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', part))
    for width, precision, letter in re.findall(
            r"%[-+ #0]*(\*|\d+)?(?:\.(\*|\d+))?(?:hh|h|ll|l|z|j|t)?([a-zA-Z%])", text):
        if letter == "%":
            continue
        yield from [False] * ((width == "*") + (precision == "*"))
        yield letter == "s" and precision == ""


def format_problems(code):
    for call in FORMATS.finditer(code):
        parts = arguments(code, call.end() - 1)
        for index, part in enumerate(parts):
            if part.strip().startswith('"') and "%" in part:
                for is_text, value in zip(specifiers(part), parts[index + 1:]):
                    if is_text and re.search(r"(->|\.)data\b", value):
                        yield call.start(), "'%s' of bytes that end in no NUL"
                break


def check_memcmp(root, counts, problems):
    listed = {}
    for line in (root / MEMCMP).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, count = line.split()
            listed[path] = int(count)
    for path in sorted(set(counts) | set(listed)):
        got, want = counts.get(path, 0), listed.get(path, 0)
        if got != want:
            problems.append(f"{path}: memcmp {got} times, {MEMCMP} says {want}: for secrets use "
                            "bulla_secret_bytes_equal, for public bytes correct the list")


def check_commands(root, problems):
    """Each command that is written is listed."""
    cli = root / "src/cli"
    listed = set(re.findall(r"^COMMAND\((\w+)\)", (cli / "commands.def").read_text(), re.MULTILINE))
    for path in sorted(cli.glob("*.c")):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"^const struct command cmd_(\w+)", text, re.MULTILINE):
            if name not in listed:
                problems.append(f"src/cli/{path.name}: COMMAND({name}) is not in commands.def")


def check_built(root, problems):
    """Each source and each test is in its folder's meson.build: what is not is never built or run."""
    for pattern, prefix, suffix in (("src/*/*.c", "", ""), ("tests/unit/test_*.c", "test_", ".c"),
                                    ("tests/fuzz/fuzz_*.c", "fuzz_", ".c"),
                                    ("tests/cli/*.bats", "", ".bats")):
        for path in sorted(root.glob(pattern)):
            word = path.name.removeprefix(prefix).removesuffix(suffix)
            built = (path.parent / "meson.build").read_text(encoding="utf-8")
            if f"'{word}'" not in built and f"'{path.name}'" not in built:
                name = path.relative_to(root).as_posix()
                problems.append(f"{name} is not in the meson.build beside it")


def check_negations(root, problems):
    """No test waits for a command behind '!' to end it: bash goes on, whatever that command does."""
    for path in sorted(root.glob("tests/cli/*.bats")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.match(r'\s+! [a-z"$]', line) and "||" not in line:
                problems.append(f"tests/cli/{path.name}:{number}: cannot fail: if …; then return 1; fi")


def main():
    root = pathlib.Path(sys.argv[1])
    problems, memcmps = [], {}
    for path in sorted((root / "src").glob("*/*.[ch]")) + sorted((root / "include").glob("*/*.h")):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        code = strip_comments(text)
        is_library = not name.startswith("src/cli/")

        def report(offset, what):
            problems.append(f"{name}:{code.count(chr(10), 0, offset) + 1}: {what}")

        def forbid(pattern, what, homes=()):
            if name not in homes:
                for found in re.finditer(pattern, code):
                    report(found.start(), what)

        found = len(re.findall(r"(?<![\w])memcmp\s*\(", code))
        if found:
            memcmps[name] = found
        forbid(r"\bgetenv\s*\(|\benviron\b", "the environment is read in src/cli/env.c only",
               ("src/cli/env.c",))
        forbid(r"\b(fopen|freopen|fdopen|tmpfile)\s*\(", "files are opened by base/file.c",
               ("src/base/file.c",))
        forbid(r"\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|alloca)\s*\(",
               "a function without a safe use", ("src/base/banned.h",))
        forbid(r"\bassert\s*\(\s*\w+\s*=[^=]", "an assertion that assigns")
        for offset, what in format_problems(code):
            report(offset, what)
        if is_library and path.suffix == ".c":
            included = re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)', code, re.MULTILINE)
            if included[-1:] != ["base/banned.h"]:
                report(0, "the last include is not \"base/banned.h\"")
        if path.suffix == ".h" and not re.search(r"^#ifndef BULLA_\w+_H$", code, re.MULTILINE):
            report(0, "no include guard BULLA_…_H")
    for pattern in ("src/**/*", "include/**/*", "tests/**/*", "scripts/**/*", "docs/**/*", "*.md"):
        for path in root.glob(pattern):
            if path.is_file() and "corpus" not in path.parts and "data" not in path.parts:
                text = path.read_text(encoding="utf-8", errors="replace")
                for found in UNFINISHED.finditer(text):
                    line = text.count("\n", 0, found.start()) + 1
                    problems.append(f"{path.relative_to(root)}:{line}: unfinished: {found.group()}")
    check_memcmp(root, memcmps, problems)
    check_commands(root, problems)
    check_built(root, problems)
    check_negations(root, problems)
    print("\n".join(problems) or "nothing found")
    return 1 if problems else 0


sys.exit(main())
