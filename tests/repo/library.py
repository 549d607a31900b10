"""library.py CHECK ARCHIVE [FILE]: what the objects of libbulla.a ask for and offer.

undefined  nothing that prints, ends the process, reads the environment or a terminal, or changes
           the state of the process
statics    no data that can be written (not for sanitized builds: they add their own)
exports    the symbols of default visibility are those of FILE, one per line
"""

import re
import subprocess
import sys

FORBIDDEN = re.compile(
    r"^(__)?(v?f?printf|puts|fputs|fputc|putchar|putc|perror|fwrite|vdprintf|dprintf)(_chk)?$"
    r"|^_?exit$|^_Exit$|^quick_exit$|^abort$|^atexit$"
    r"|^(secure_)?getenv$|^environ$|^__environ$|^(set|unset|put)env$|^clearenv$"
    r"|^isatty$|^tc[gs]etattr$|^getpass$|^std(in|out|err)$"
    r"|^(system|popen|fork|vfork|exec[lv]p?e?|posix_spawnp?)$"
    r"|^(signal|sigaction|chdir|fchdir|umask|setlocale|setrlimit(64)?|prctl)$"
    r"|^(fopen|fopen64|freopen|tmpfile)$"
    r"|^(strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|rand|random|srand)$")

# The protocol of age's plugins is to start a program.
USES = {"age_plugin_peer.c.o": {"posix_spawn"}}

# A hook that exists in test builds only.
STATICS = {"mem.c.o": {"fail_at"}}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout


def members(text):
    """Pairs of object and line, from the output of nm on an archive."""
    member = ""
    for line in text.splitlines():
        if line.endswith(".o:"):
            member = line[:-1].split("_", 1)[-1]
        elif line.strip():
            yield member, line


def undefined(archive):
    for member, line in members(run("nm", "-u", archive)):
        symbol = line.split()[-1]
        if FORBIDDEN.match(symbol) and symbol not in USES.get(member, ()):
            yield f"{member} uses {symbol}"


def statics(archive):
    text = run("objdump", "-t", archive)
    member = ""
    for line in text.splitlines():
        found = re.match(r"^(\S+\.o):", line)
        if found:
            member = found.group(1)
            continue
        # ADDRESS FLAGS SECTION SIZE NAME; constants with relocations are in .data.rel.ro
        found = re.match(r"^[0-9a-f]+ .{6}O (\.(?:data|bss)\S*)\s+[0-9a-f]+\s+(?:\.hidden )?(\S+)", line)
        if not found or found.group(1).startswith(".data.rel.ro"):
            continue
        name = found.group(2)
        allowed = [names for end, names in STATICS.items() if member.endswith(end)]
        if not any(name.split(".")[0] in names for names in allowed):
            yield f"{member}: {name} can be written"


def exports(archive, path):
    found = set()
    for line in run("readelf", "-W", "-s", archive).splitlines():
        words = line.split()
        if len(words) == 8 and words[4] in ("GLOBAL", "WEAK") and words[5] == "DEFAULT":
            if words[6] != "UND" and not words[7].startswith("__"):
                found.add(words[7])
    if path == "-":
        print("\n".join(sorted(found)))
        return
    with open(path, encoding="utf-8") as opened:
        listed = set(opened.read().split())
    for name in sorted(found - listed):
        prefix = "" if name.startswith("bulla_") else " and has not our prefix"
        yield f"{name} is exported{prefix}, but not listed"
    for name in sorted(listed - found):
        yield f"{name} is listed, but not exported"


def main():
    check, archive = sys.argv[1:3]
    problems = list({"undefined": undefined, "statics": statics, "exports": exports}[check](
        archive, *sys.argv[3:]))
    print("\n".join(problems))
    if problems and check == "exports":
        print("where this is meant, run 'ninja -C BUILD update-generated' and commit the list")
    return 1 if problems else 0


sys.exit(main())
