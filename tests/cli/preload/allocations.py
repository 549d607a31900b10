#!/usr/bin/env python3
"""Fails each allocation of real commands in turn: the program's own, and its libraries'.

usage: allocations.py PROGRAM SHIM SOURCE every|some [COMMAND]

PROGRAM is a dynamic, unsanitized build; SHIM is failing_alloc.so; SOURCE is the project's folder.
After every run the exit status is one that the manual names and no bug's, nothing says what the
secret is, and the files are as they were or as the whole command leaves them. `some` takes the
first allocations one by one and then samples; `every` takes them all, once alone and once with all
that follow. Writes TAP.
"""
import os
import subprocess
import sys

from bench import Bench, Failure, SCENARIOS, check_canary, difference, project_files

ONE_BY_ONE = 60  # `some`: allocations that are all taken, then every 1/STEPS further
STEPS = 8
# Of those that need a state of their own only the long run makes sure.
SOME = (
    "init generate identity-new identity-show check check-json list get set unset history rollback "
    "diff fill verify uses explain status render render-check run rotate"
).split()


def check_run(bench, scenario, done, before):
    """What has to hold whichever allocation failed; `before` are the files it started with."""
    after = bench.snapshot()
    stderr = done.stderr.decode(errors="replace")
    if done.returncode < 0:
        raise Failure("signal %d: %s" % (-done.returncode, stderr))
    if done.returncode not in scenario.statuses | {6}:
        raise Failure("exit status %d: %s" % (done.returncode, stderr))
    if done.returncode == 6 and "error: " not in stderr:
        raise Failure("it failed without an error: " + stderr)
    check_canary(scenario, done, before, after)
    changed = difference(project_files(before), project_files(after))
    if changed and not scenario.changes:
        raise Failure("it changed " + ", ".join(changed))
    if any(".tmp-" in path for path in changed):
        raise Failure("it left " + ", ".join(changed))
    if changed:
        # Not as they were: then nothing is half done that the same command does not complete, or it
        # is all done.
        if done.returncode != 0 and "--out" not in scenario.args:
            again = bench.run(scenario.args, scenario.text)
            is_done = scenario.once is not None and scenario.once in again.stderr.decode()
            if again.returncode not in scenario.statuses and not is_done:
                raise Failure("%s changed, and again: %s" % (changed, again.stderr.decode()))
        if os.path.exists(bench.path(".bulla")):
            bench.must(["verify", "-q", "-e", "dev"])
    if changed or len(after) != len(before) or done.returncode == 0:
        bench.restore(before)


def numbers(every):
    number = 1
    while True:
        yield number
        number += 1 if every or number < ONE_BY_ONE else max(1, number // STEPS)


def fail_each(bench, scenario, orders, every):
    """Returns how many runs it took."""
    before = bench.enter(scenario.state)
    bench.must(scenario.args, scenario.text, scenario.statuses)
    bench.restore(before)
    count = 0
    mark = os.path.join(bench.root, "mark")
    for number in numbers(every):
        done = bench.run(scenario.args, scenario.text,
                         {**orders, "FAIL_ALLOC_MARK": mark, orders["order"]: str(number)})
        if not os.path.exists(mark):
            if done.returncode not in scenario.statuses:
                raise Failure("the shim alone: %d" % done.returncode)
            bench.restore(before)
            return count
        os.unlink(mark)
        count += 1
        try:
            check_run(bench, scenario, done, before)
        except Failure as failure:
            raise Failure("%s, allocation %d: %s" % (scenario.name, number, failure)) from failure
    return count


def main():
    program, shim, source, how = (os.path.abspath(path) for path in sys.argv[1:5])
    every = os.path.basename(how) == "every"
    names = sys.argv[5:6] or ([s.name for s in SCENARIOS] if every else SOME)
    scenarios = [s for s in SCENARIOS if s.name in names]
    ways = ["FAIL_ALLOC_AT"] + (["FAIL_ALLOC_FROM"] if every else [])
    failed = 0
    number = 0
    bench = Bench(program, source)
    print("1..%d" % (len(scenarios) * len(ways)))
    try:
        for scenario in scenarios:
            for way in ways:
                number += 1
                orders = {"LD_PRELOAD": shim, "FAIL_ALLOC_PROGRAM": os.path.basename(program),
                          "order": way}
                what = "%s: each allocation fails%s" % (
                    scenario.name, "" if way == "FAIL_ALLOC_AT" else ", and all that follow")
                try:
                    count = fail_each(bench, scenario, orders, every)
                    print("ok %d - %s (%d runs)" % (number, what, count), flush=True)
                except (Failure, subprocess.TimeoutExpired) as failure:
                    failed += 1
                    print("not ok %d - %s" % (number, what))
                    print("# " + str(failure).replace("\n", "\n# "), flush=True)
    finally:
        bench.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
