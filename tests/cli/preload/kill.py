#!/usr/bin/env python3
"""Kills each writing command at points of its work, and looks at what is left.

usage: kill.py PROGRAM SHIM SOURCE COUNT [SCENARIO]

PROGRAM is a dynamic, unsanitized build; SHIM is faulty_calls.so; SOURCE is the project's folder.
COUNT kills: at every call that changes a file, before it and in its middle, then before the other
calls, then at random times; where COUNT is smaller than the calls that change files, at as many of
them, spread evenly. After each the vault verifies, each file is the old or the new one, nothing
that was acknowledged is lost, no value is left in a temporary file, and the next command works.
Writes TAP.
"""
import base64
import collections
import hashlib
import os
import random
import re
import subprocess
import sys
import time

from bench import (Bench, Failure, WRITING, check_canary, difference, forms, is_memory, CANARY)

CHANGING = ("open-new", "open-unnamed", "open-write", "write", "write-output", "fsync", "rename",
            "renameat2", "linkat", "unlink", "unlinkat", "mkdir", "fchmod", "flock")
NEXT = ["set", "STRIPE_SECRET_KEY", "--force"]
KEPT = "REDIS_PASSWORD"  # set by init, and by nothing here


def records(text):
    """The records of a vault without what is different in each run, counted."""
    found = collections.Counter()
    for line in text.decode().splitlines():
        word = line.split(" ")
        if line and not line.startswith(("#", "BULLA1")):
            number = re.search(r" v=(\d+)", line)
            subject = "*" if word[0] == "key" else word[1]
            found[word[0], subject, number and number.group(1)] += 1
    return found


def root_of(text):
    """The id of a vault's root, as docs/vault.5.md says it."""
    lines = text.split(b"\n")
    record = next(line for line in lines if line.startswith(b"root ")).split(b" s=")[0]
    digest = hashlib.blake2b(b"bulla1/id\n" + lines[0] + b"\n" + record).digest()
    return base64.b64encode(digest[:32]).decode().rstrip("=")


def is_key(path):
    return path.endswith(("identity.txt", "key.txt", "ci.txt", ".age"))


def is_whole(path, content, wanted):
    """Whether CONTENT is what the undisturbed command leaves, WANTED, as far as that is the same."""
    if content is None or wanted is None:
        return content == wanted
    if path.endswith(".vault"):
        return content.endswith(b"\n") and records(content) == records(wanted)
    return len(content) == len(wanted) if is_key(path) else content == wanted


class Victim:
    """A scenario, what it leaves undisturbed, and the calls that it makes."""

    def __init__(self, bench, scenario, shim):
        self.bench = bench
        self.scenario = scenario
        self.orders = {"LD_PRELOAD": shim, "FAULT_PROGRAM": os.path.basename(bench.program)}
        self.before = bench.enter(scenario.state)
        log = os.path.join(bench.root, "log")
        began = time.monotonic()
        done = bench.run(scenario.args, scenario.text, {**self.orders, "FAULT_LOG": log})
        self.seconds = time.monotonic() - began
        if done.returncode not in scenario.statuses:
            raise Failure("undisturbed: %d: %s" % (done.returncode, done.stderr.decode()))
        self.said = done.stdout
        self.after = bench.snapshot()
        with open(log, encoding="ascii") as file:
            self.calls = file.read().split()
        os.unlink(log)
        self.changed = [path for path in difference(self.before, self.after)
                        if not is_memory(path) and self.after[path][1] is not None]
        missed = [name for name in scenario.changes
                  if os.path.normpath("project/" + name) not in self.changed]
        if missed:
            raise Failure("undisturbed, it did not change " + ", ".join(missed))
        bench.restore(self.before)
        self.kept = None
        if scenario.state != "empty":
            self.kept = bench.must(["get", KEPT])

    def points(self):
        """(number, how) of the calls that change files, then of the others."""
        first, second = [], []
        for at, name in enumerate(self.calls, 1):
            (first if name in CHANGING else second).append((at, "kill-before"))
            if name == "write":
                first.append((at, "kill-half"))
        return first, second

    def kill_at(self, point):
        number, how = point
        done = self.bench.run(self.scenario.args, self.scenario.text,
                              {**self.orders, "FAULT_AT": str(number), "FAULT_HOW": how})
        self.check(done, "%s call %d (%s)" % (how, number, self.calls[number - 1]))

    def kill_after(self, seconds):
        args, text = self.scenario.args, self.scenario.text
        child = self.bench.start(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        try:
            child.stdin.write(self.bench.resolve([text])[0].encode() if text else b"")
            child.stdin.close()
        except BrokenPipeError:
            pass
        child.stdin = None
        time.sleep(seconds)
        child.kill()
        out, err = child.communicate()
        done = subprocess.CompletedProcess(args, child.returncode, out, err)
        self.check(done, "killed after %.1f ms" % (seconds * 1000))

    def check(self, done, what):
        try:
            self.check_left(done)
        except Failure as failure:
            raise Failure("%s: %s" % (what, failure)) from failure
        self.bench.restore(self.before)

    def check_left(self, done):
        scenario, bench = self.scenario, self.bench
        if done.returncode not in scenario.statuses | {-9}:
            raise Failure("exit status %d: %s" % (done.returncode, done.stderr.decode()))
        left = bench.snapshot()
        check_canary(scenario, done, self.before, self.without_whole(left))
        is_new = self.check_files(left)
        if done.returncode != -9 and not all(is_new.values()):
            raise Failure("it was acknowledged, and is not there: %s" % is_new)
        if self.said and done.stdout == self.said and not all(is_new.values()):
            raise Failure("it said that it had done it, and had not: %s" % is_new)
        for path in self.changed:
            if path.endswith(".vault") and path in left:
                # --root: an unfinished init leaves vaults that this machine has not seen before.
                bench.must(["verify", "-q", "-e", os.path.basename(path).split(".")[0],
                            "--root", root_of(left[path][1])])
        self.check_next(is_new)

    def without_whole(self, left):
        """LEFT without what was killed in the instant between its name and its place: a whole new
        file, for nobody else's eyes, beside the one that may hold its values."""
        found = dict(left)
        for path, (mode, content) in left.items():
            target = path.split(".tmp-")[0]
            if (target != path and target in self.changed and mode & 0o777 == 0o600
                    and content == self.after[target][1]):
                del found[path]
        return found

    def check_files(self, left):
        """Each file is the old or the new one; returns which of those that change are new."""
        is_new = {}
        for path in difference(self.before, left):
            if is_memory(path) or left.get(path, (0, None))[1] is None and path in left:
                continue
            if ".tmp-" in path:
                continue
            if path not in self.changed:
                raise Failure("it changed " + path)
        for path in self.changed:
            present = left.get(path, (0, None))[1]
            if present == self.before.get(path, (0, None))[1]:
                is_new[path] = False
            elif is_whole(path, present, self.after[path][1]):
                is_new[path] = True
            else:
                raise Failure("%s is neither the old nor the new one: %d bytes" % (
                    path, len(present or b"")))
        return is_new

    def check_next(self, is_new):
        """What is left to do can be done, and then the vault takes another value."""
        scenario, bench = self.scenario, self.bench
        if not all(is_new.values()):
            if "--out" in scenario.args and any(is_new.values()):
                # The identity was written and its member was not: it is there to be used.
                bench.must(["identity", "show", "--identity", "ci.txt"])
            else:
                bench.must(scenario.args, scenario.text, scenario.statuses)
        bench.must(NEXT, "sk_live_%s8\n" % CANARY)
        if self.kept is not None and bench.must(["get", KEPT]) != self.kept:
            raise Failure("the value of %s is lost" % KEPT)
        # What a killed process left is gone when the file is written again.
        for path, (_, content) in bench.snapshot().items():
            if ".tmp-" in path and (content is None or any(f in content for f in forms(CANARY))):
                raise Failure(path + " stays")


def spread(points, count):
    """COUNT of POINTS, evenly."""
    if count >= len(points):
        return points
    return [points[at * len(points) // count] for at in range(count)]


def share(count, sizes):
    """COUNT among parts of SIZES in proportion, at most what each has."""
    total = sum(sizes)
    return [min(size, -(-count * size // total)) if total else 0 for size in sizes]


def main():
    program, shim, source = (os.path.abspath(path) for path in sys.argv[1:4])
    count = int(sys.argv[4])
    scenarios = [s for s in WRITING if sys.argv[5:6] in ([], [s.name])]
    failed = 0
    bench = Bench(program, source)
    print("1..%d" % len(scenarios))
    try:
        victims = [Victim(bench, scenario, shim) for scenario in scenarios]
        points = [victim.points() for victim in victims]
        firsts = share(count, [len(first) for first, _ in points])
        seconds = share(max(0, count - sum(firsts)), [len(second) for _, second in points])
        at_random = max(0, count - sum(firsts) - sum(seconds)) // len(victims)
        for number, victim in enumerate(victims):
            name = victim.scenario.name
            chosen = spread(points[number][0], firsts[number]) + spread(
                points[number][1], seconds[number])
            chance = random.Random(name)
            try:
                bench.enter(victim.scenario.state)
                for point in chosen:
                    victim.kill_at(point)
                for _ in range(at_random):
                    victim.kill_after(chance.uniform(0, victim.seconds * 1.1))
                print("ok %d - %s: killed at %d calls and %d times at random" % (
                    number + 1, name, len(chosen), at_random), flush=True)
            except (Failure, subprocess.TimeoutExpired) as failure:
                failed += 1
                print("not ok %d - %s" % (number + 1, name))
                print("# " + str(failure).replace("\n", "\n# "), flush=True)
    finally:
        bench.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
