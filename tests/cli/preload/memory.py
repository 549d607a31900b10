#!/usr/bin/env python3
"""Looks for secrets in the memory of each command that handles them, and in core dumps.

usage: memory.py PROGRAM SHIM SOURCE EVERY [SCENARIO]

PROGRAM is a dynamic, unsanitized build; SHIM is memory_scan.so; SOURCE is the project's folder.
At every EVERYth system call, before another program is started and at the end, pieces of the value,
of the identity, of the key that signs, of the environment's key and a value's, as they stand, in hex and in
base64, are nowhere in memory outside the locked regions: not in what was freed, not in the dead part of
the stack, not in arguments or environment. A core dump in the middle of the work has none, and no
temporary folder has anything. Writes TAP.
"""
import base64
import hashlib
import hmac
import os
import re
import resource
import shutil
import struct
import subprocess
import sys

from bench import CANARY, READING, VAULT, WRITING, Bench, Failure, Scenario, check_canary

MASK = 0x55
VALUE_STEP = 12
KEY_STEP = 8

# Failures in the middle of the work with a value.
FAILING = [
    Scenario("set, of a wrong form", ["set", "FERNET_KEY"], CANARY + "\n", statuses=(1, 3)),
    Scenario("set, too large", ["set", "STRIPE_SECRET_KEY", "--force"], CANARY * 2000,
             statuses=(1, 3)),
    Scenario("get, of no such name", ["get", "STRIPE_SECRET"], statuses=(1,)),
    Scenario("get, onto a full disk", ["get", "STRIPE_SECRET_KEY"], statuses=(6,)),
    Scenario("run, of no such program", ["run", "--", "no-such-program"], statuses=(127,)),
    Scenario("render, into no folder", ["render", "-o", "nowhere/x"], statuses=(3, 6)),
    Scenario("rollback, to no version", ["rollback", "STRIPE_SECRET_KEY", "--to", "99"],
             statuses=(1,)),
    Scenario("resolve, too large", ["resolve", "STRIPE_SECRET_KEY", "--new"], CANARY * 2000,
             statuses=(1, 3), state="contested"),
    Scenario("age decrypt, of a changed file", ["age", "decrypt", "changed.age"], statuses=(3, 4, 5),
             state="changed"),
    Scenario("identity import, of a broken key", ["identity", "import", "--out", "key.txt"],
             "@broken", statuses=(3,)),
]
VALUES = ("get", "run", "render-check", "diff", "history", "status", "check", "verify",
          "identity-show", "recipient-request", "access")
# Call, counted from the end of the work, at which a core dump is taken.
CORES = {"get": "write-output", "set": "fsync", "render": "fsync", "rotate": "fsync", "run": "exec",
         "resolve": "fsync", "identity-new": "fsync", "age-decrypt": "fsync"}


class MemoryBench(Bench):
    def make_rsa(self):
        """A file that is sealed for an RSA key of ssh."""
        self.enter("project")
        subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f",
                        self.path("rsa")], check=True)
        self.must(["age", "encrypt", "-r", self.read("rsa.pub").strip(), "-o", "rsa.age"],
                  CANARY + "\n")

    def make_changed(self):
        self.enter("sealed")
        with open(self.path("../sealed.age"), "rb") as file:
            content = bytearray(file.read())
        content[-3] ^= 1
        with open(self.path("changed.age"), "wb") as file:
            file.write(content)


def pieces(text, step):
    return [text[at : at + step] for at in range(0, len(text) - step + 1, step)]


def encodings(raw, step):
    """RAW, its hex forms and its base64 at each of the three offsets, in pieces of STEP bytes."""
    found = pieces(raw, step)
    for text in (raw.hex(), raw.hex().upper()):
        found += pieces(text.encode(), 2 * step)
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        found += pieces(text[4 if shift else 0 : -4], step + step // 2)
    return found


def bech32_bytes(text):
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    number = 0
    digits = [letters.index(c) for c in text.lower().split("1", 1)[1]][:-6]
    for digit in digits:
        number = number << 5 | digit
    extra = len(digits) * 5 % 8
    return (number >> extra).to_bytes(len(digits) * 5 // 8, "big")


def decode(text):
    return base64.b64decode(text + "=" * (-len(text) % 4))


def expand(key, info):
    """HKDF-Expand-SHA256, 32 bytes: docs/vault.5.md."""
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()


def environment_key(bench):
    """K: what the own grant of the vault has."""
    line = re.search(r"^grant alice .* d=(\S+) ", bench.read(VAULT), re.M).group(1)
    with open(bench.root + "/grant.age", "wb") as file:
        file.write(decode(line))
    return decode(bench.must(["age", "decrypt", bench.root + "/grant.age"]).split()[-1])


def value_key(bench, key):
    """The key of the value that is in use."""
    name = "STRIPE_SECRET_KEY"
    lines = re.findall(r"^set %s v=(\d+) .* d=(\S+) " % name, bench.read(VAULT), re.M)
    data = decode(max(lines, key=lambda line: int(line[0]))[1])
    return expand(key, b"bulla1/value:%s %s" % (name.encode(), data[:32]))


def find_needles(bench):
    """[(what, bytes)]"""
    identity = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]+", bench.words["@identity"][0]).group()
    bench.words["@broken"] = [identity[:-1] + ("Q" if identity[-1] != "Q" else "P") + "\n"]
    scalar = bech32_bytes(identity)
    key = environment_key(bench)
    found = []
    for what, raw, step in (
        ("the value", CANARY.encode(), VALUE_STEP),
        ("the identity's scalar", scalar, KEY_STEP),
        ("the seed that signs", expand(scalar, b"bulla1/author"), KEY_STEP),
        ("the environment's key", key, KEY_STEP),
        ("a value's key", value_key(bench, key), KEY_STEP),
    ):
        found += [(what, piece) for piece in encodings(raw, step)]
    body = identity[len("AGE-SECRET-KEY-1"):]
    found += [("the identity's text", piece.encode())
              for text in (body, body.lower()) for piece in pieces(text, VALUE_STEP)]
    return found


def read_integers(der):
    """The integers of a DER sequence of nothing else."""
    def length(at):
        if der[at] < 0x80:
            return der[at], at + 1
        end = at + 1 + (der[at] & 0x7F)
        return int.from_bytes(der[at + 1 : end], "big"), end

    found = []
    at = length(1)[1]
    while at < len(der):
        size, at = length(at + 1)
        found.append(der[at : at + size].lstrip(b"\0"))
        at += size
    return found


def rsa_needles(bench):
    """The text of the RSA key and its secret numbers, in both orders of bytes."""
    text = "".join(line for line in bench.read("rsa").splitlines() if "-" not in line)
    numbers = read_integers(base64.b64decode(text))[3:6]
    return [("the RSA key's text", piece.encode()) for piece in pieces(text[400:], 24)] + [
        ("an RSA number", piece) for number in numbers for order in (number, number[::-1])
        for piece in pieces(order, KEY_STEP)]


class Scan:
    def __init__(self, bench, shim, every):
        self.bench = bench
        self.report = os.path.join(bench.root, "report")
        bench.enter("project")
        masked = os.path.join(bench.root, "needles")
        # LD_BIND_NOW: a library that finds its functions when they are first called has the loader
        # save the vector registers, with the last bytes that were copied, on the stack.
        self.orders = {"LD_PRELOAD": shim, "LD_BIND_NOW": "1", "SCAN_PROGRAM": os.path.basename(bench.program),
                       "SCAN_NEEDLES": masked, "SCAN_REPORT": self.report,
                       "SCAN_EVERY": str(every)}
        self.needles = []
        self.add_needles(find_needles(bench))

    def add_needles(self, needles):
        self.needles = self.needles + needles
        with open(self.orders["SCAN_NEEDLES"], "wb") as file:
            for _, piece in self.needles:
                file.write(bytes([len(piece)]) + bytes(b ^ MASK for b in piece))

    def found(self):
        """What the shim has found: "what in region at call", each once."""
        try:
            with open(self.report, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except FileNotFoundError:
            return None
        os.unlink(self.report)
        said = []
        for line in lines:
            needle, rest = line.split(" ", 1)
            text = "%s (piece %s) in %s" % (self.needles[int(needle)][0], needle, rest)
            if text not in said:
                said.append(text)
        return said

    def run(self, scenario, env=None):
        bench = self.bench
        before = bench.enter(scenario.state)
        orders = {**self.orders, **(env or {})}
        if scenario.args[0] == "run":  # its command gets the values in its environment
            orders["SCAN_GIVES_VALUES"] = "1"
        if scenario.name == "get, onto a full disk":
            with open("/dev/full", "wb") as full:
                child = bench.start(scenario.args, orders, stdin=subprocess.DEVNULL, stdout=full,
                                    stderr=subprocess.PIPE)
                error = child.communicate()[1]
            done = subprocess.CompletedProcess(scenario.args, child.returncode, b"", error)
        else:
            done = bench.run(scenario.args, scenario.text, orders, timeout=600)
        found = self.found()
        if done.returncode not in scenario.statuses:
            raise Failure("exit status %d: %s" % (done.returncode, done.stderr.decode()))
        if found is None:
            raise Failure("nothing was looked at")
        if found:
            raise Failure("\n".join(found[:12]))
        after = bench.snapshot()
        check_canary(scenario, done, before, after)
        left = [path for path in after if path.startswith("tmp/")]
        left += bench.left_in_memory()
        if left:
            raise Failure("left in a temporary folder: " + ", ".join(left))
        bench.restore(before)

    def run_rsa(self):
        """What docs/design/secrets.md says of OpenSSL: an RSA key's numbers are in its heap while it
        works, and nowhere else, and not when it has ended; the rest is as with any key."""
        bench = self.bench
        bench.enter("rsa")
        self.add_needles(rsa_needles(bench))
        bench.must(["age", "decrypt", "-i", "rsa", "rsa.age"], env={**self.orders})
        found = [text for text in self.found()
                 if not re.match(r"an RSA number .* in \[heap\] \d+ (?!exit)", text)]
        if found:
            raise Failure("\n".join(found[:12]))

    def find_call(self, scenario, name):
        """The number of the last call of that name."""
        log = os.path.join(self.bench.root, "calls")
        before = self.bench.enter(scenario.state)
        self.bench.run(scenario.args, scenario.text, {**self.orders, "SCAN_LOG": log})
        self.found()
        self.bench.restore(before)
        with open(log, encoding="ascii") as file:
            calls = file.read().split()
        os.unlink(log)
        return len(calls) - calls[::-1].index(name)

    def dump(self, scenario, name):
        """A core dump at the last call NAME holds nothing either."""
        bench = self.bench
        number = self.find_call(scenario, name)
        before = bench.enter(scenario.state)
        done = bench.run(scenario.args, scenario.text, {**self.orders, "SCAN_CORE": str(number)})
        cores = [n for n in os.listdir(bench.project) if re.fullmatch(r"core(\.\d+)?", n)]
        if done.returncode != -6 or len(cores) != 1:
            raise Failure("no core dump: %d, %s" % (done.returncode, cores))
        with open(bench.path(cores[0]), "rb") as file:
            core = loaded(file.read())
        bench.restore(before)
        self.found()
        if scenario.args[-1].encode() not in core:
            raise Failure("that is no core dump of it")
        said = sorted({what for what, piece in self.needles if piece in core})
        if said:
            raise Failure("in the core dump: " + ", ".join(said))


def loaded(core):
    """The memory in a core file of ELF: without the notes, which hold registers."""
    if core[:5] != b"\x7fELF\x02":
        raise Failure("no core file of a 64 bit program")
    first, = struct.unpack_from("<Q", core, 32)
    size, count = struct.unpack_from("<HH", core, 54)
    parts = []
    for at in range(first, first + size * count, size):
        kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", core, at)
        if kind == 1:
            parts.append(core[offset : offset + length])
    return b"".join(parts)


def no_rsa(bench):
    """Why there is no RSA key to try; "" where there is."""
    if shutil.which("ssh-keygen") is None:
        return "ssh-keygen is not installed"
    try:
        bench.enter("rsa")
    except Failure as failure:
        if "OpenSSL" not in str(failure):
            raise
        return "the program was built without OpenSSL"
    return ""


def can_dump():
    """Why no core file would be written here; "" where it would."""
    with open("/proc/sys/kernel/core_pattern", encoding="ascii") as file:
        pattern = file.read().strip()
    if pattern not in ("core", "core.%p"):
        return "core dumps go to '%s' here" % pattern
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if hard == 0:
        return "core dumps are off"
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    return ""


def main():
    program, shim, source = (os.path.abspath(path) for path in sys.argv[1:4])
    bench = MemoryBench(program, source)
    failed = 0
    try:
        scan = Scan(bench, shim, int(sys.argv[4]))
        no_core = can_dump()
        tests = []
        for scenario in [s for s in READING if s.name in VALUES] + WRITING + FAILING:
            tests.append((scenario.name, scan.run, (scenario,), ""))
        tests.append(("get, with BULLA_IDENTITY", scan.run, (
            Scenario("identity-env", ["get", "STRIPE_SECRET_KEY"], prints=True),
            {"BULLA_IDENTITY": bench.words["@identity"][0]}), ""))
        tests.append(("age decrypt, with an RSA key", scan.run_rsa, (), no_rsa(bench)))
        for name, call in CORES.items():
            scenario = next(s for s in READING + WRITING if s.name == name)
            tests.append((name + ", core dump", scan.dump, (scenario, call), no_core))
        tests = [t for t in tests if sys.argv[5:6] in ([], [t[0]])]
        print("1..%d" % len(tests))
        for number, (name, test, args, skip) in enumerate(tests, 1):
            if skip:
                print("ok %d - %s # SKIP %s" % (number, name, skip))
                continue
            try:
                test(*args)
                print("ok %d - %s" % (number, name), flush=True)
            except (Failure, subprocess.TimeoutExpired) as failure:
                failed += 1
                print("not ok %d - %s" % (number, name))
                print("# " + str(failure).replace("\n", "\n# "), flush=True)
    finally:
        bench.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
