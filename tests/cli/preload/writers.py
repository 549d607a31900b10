#!/usr/bin/env python3
"""Many processes that write one vault at the same time.

usage: writers.py PROGRAM SOURCE WRITERS ROUNDS

Each of WRITERS sets the same secret ROUNDS times, one half of them as somebody else with a home of
his own. Each ends well, every value is a version of its own, the versions are numbered without a gap,
the vault verifies for both. Says how evenly they went on. Writes TAP.
"""
import os
import re
import statistics
import subprocess
import sys
import threading
import time

from bench import CANARY, Bench, Failure, VAULT
from trial import root_of

NAME = "STRIPE_SECRET_KEY"


def value_of(writer, number):
    return "sk_live_%s-%d-%d" % (CANARY, writer, number)


class Writer(threading.Thread):
    """One process after the other, each begun when the one before has ended."""

    def __init__(self, bench, number, rounds, env, gate):
        super().__init__()
        self.bench = bench
        self.number = number
        self.rounds = rounds
        self.env = env
        self.gate = gate
        self.waits = []
        self.problem = None

    def run(self):
        self.gate.wait()
        for number in range(self.rounds):
            began = time.monotonic()
            try:
                self.bench.must(["set", NAME, "--force"], value_of(self.number, number) + "\n",
                                env=self.env, timeout=550)
            except (Failure, subprocess.TimeoutExpired) as failure:
                self.problem = failure
                return
            self.waits.append(time.monotonic() - began)


def check_vault(bench, other, writers, rounds):
    numbers = sorted(int(n) for n in re.findall(r"^set %s v=(\d+)" % NAME, bench.read(VAULT), re.M))
    wanted = 2 + writers * rounds
    if numbers != list(range(1, wanted + 1)):
        raise Failure("of %d versions there are %d: %s" % (wanted, len(numbers), numbers))
    found = {bench.must(["get", NAME + "@%d" % number]).strip() for number in numbers[2:]}
    missing = {value_of(w, n) for w in range(writers) for n in range(rounds)} - found
    if missing:
        raise Failure("%d values are lost" % len(missing))
    bench.must(["verify", "-q", "-e", "dev"])
    bench.must(["verify", "-q", "-e", "dev"], env=other)


def main():
    program, source = (os.path.abspath(path) for path in sys.argv[1:3])
    count, rounds = int(sys.argv[3]), int(sys.argv[4])
    bench = Bench(program, source)
    print("1..1")
    try:
        bench.enter("bob")
        other = bench.environment(bench.root + "/bob")
        other["BULLA_ROOT"] = root_of(bench.read(VAULT).encode())
        gate = threading.Barrier(count)
        writers = [Writer(bench, number, rounds, other if number % 2 else None, gate)
                   for number in range(count)]
        began = time.monotonic()
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        whole = time.monotonic() - began
        problems = [writer.problem for writer in writers if writer.problem]
        if problems:
            raise Failure("%d of %d writers failed: %s" % (len(problems), count, problems[0]))
        check_vault(bench, other, count, rounds)
        waits = sorted(wait for writer in writers for wait in writer.waits)
        sums = [sum(writer.waits) for writer in writers]
        print("ok 1 - %d writers, %d writes each: nothing lost" % (count, rounds))
        print("# %.1f s; a write waits %.2f s, %.2f s (median), %.2f s; a writer in all %.2f to "
              "%.2f s" % (whole, waits[0], statistics.median(waits), waits[-1], min(sums),
                          max(sums)))
        return 0
    except Failure as failure:
        print("not ok 1 - %d writers, %d writes each" % (count, rounds))
        print("# " + str(failure).replace("\n", "\n# "))
        return 1
    finally:
        bench.close()


if __name__ == "__main__":
    sys.exit(main())
