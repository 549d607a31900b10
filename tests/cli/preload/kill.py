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
import os
import random
import subprocess
import sys
import time

from bench import Bench, Failure, WRITING, check_canary, forms, CANARY
from trial import Trial, share, spread

CHANGING = ("open-new", "open-unnamed", "open-write", "write", "write-output", "fsync", "rename",
            "renameat2", "linkat", "unlink", "unlinkat", "mkdir", "fchmod", "flock")
NEXT = ["set", "STRIPE_SECRET_KEY", "--force"]
KEPT = "REDIS_PASSWORD"  # set by init, and by nothing here


class Victim(Trial):
    """A scenario that is killed."""

    def __init__(self, bench, scenario, shim):
        super().__init__(bench, scenario, shim)
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
        done = self.run({"FAULT_AT": str(number), "FAULT_HOW": how})
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
        said = self.done.stdout
        if said and done.stdout == said and not all(is_new.values()):
            raise Failure("it said that it had done it, and had not: %s" % is_new)
        self.verify(left)
        self.finish(is_new)
        bench.must(NEXT, "sk_live_%s8\n" % CANARY)
        if scenario.name == "edit":
            bench.must(scenario.args)
        if bench.left_in_memory():
            raise Failure("left: " + ", ".join(bench.left_in_memory()))
        if self.kept is not None and bench.must(["get", KEPT]) != self.kept:
            raise Failure("the value of %s is lost" % KEPT)
        # What a killed process left is gone when the file is written again.
        for path, (_, content) in bench.snapshot().items():
            if ".tmp-" in path and (content is None or any(f in content for f in forms(CANARY))):
                raise Failure(path + " stays")


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
        at_random = -(-max(0, count - sum(firsts) - sum(seconds)) // len(victims))
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
