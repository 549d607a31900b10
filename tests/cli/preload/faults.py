#!/usr/bin/env python3
"""Makes the system calls of each command go wrong, one by one and from one on.

usage: faults.py PROGRAM SHIM SOURCE every|COUNT [SCENARIO]

PROGRAM is a dynamic, unsanitized build; SHIM is faulty_calls.so; SOURCE is the project's folder.
After every run there is one clear error and its exit status, or none and the command has done its
work; every file is the old or the new one; the same command works then. A call that was interrupted
or that moved one byte changes nothing about the result. COUNT takes so many runs of all, spread
evenly. Then, where this may be mounted, the same with a real disk that is full or read-only, and a
process that holds the lock of a vault until it dies. Writes TAP.
"""
import errno
import os
import signal
import subprocess
import sys

from bench import SCENARIOS, WRITING, Bench, Failure, check_canary, difference, is_memory
from trial import Trial, share, spread

# What can happen to a call, by its name; for the rest of the names nothing can.
FULL = ("ENOSPC", "EIO", "EROFS")
HAPPENS = {
    "open": ("EIO", "EMFILE"),
    "open-write": ("EIO", "EROFS"),
    "open-new": FULL,
    "open-unnamed": FULL,
    "read": ("EIO", "EINTR", "short"),
    "write": ("ENOSPC", "EIO", "EINTR", "short"),
    "write-output": ("ENOSPC", "EIO", "EINTR", "short"),
    "write-error": ("EINTR", "short"),
    "fsync": ("ENOSPC", "EIO"),
    "rename": FULL,
    "linkat": FULL,
    "unlink": ("EIO", "EROFS"),
    "unlinkat": ("EIO", "EROFS"),
    "mkdir": FULL,
    "fchmod": ("EIO", "EROFS"),
    "fchown": ("EPERM", "EIO"),
    "flock": ("EINTR", "EWOULDBLOCK", "ENOLCK"),
    "stat": ("EIO",),
    "lseek": ("EIO",),
    "realpath": ("EIO",),
    "getcwd": ("EIO",),
    "opendir": ("EIO", "EMFILE"),
    "readdir": ("EIO",),
    "access": ("EIO",),
    "mlock": ("EAGAIN",),
    "pipe2": ("EMFILE",),
    "memfd_create": ("EMFILE",),
    "spawn": ("EAGAIN",),
    "exec": ("EACCES",),
    "poll": ("EINTR",),
    "waitpid": ("EINTR",),
    "close": ("EIO", "EINTR"),
    "clock": ("later", "earlier"),
}
# These change nothing about what the command does.
HARMLESS = {"short", "EINTR", "EWOULDBLOCK", "later", "earlier"}
# How a command ends that says what went wrong, where that is not 6: what cannot be looked at may be
# taken for what is not there, or for a vault that is, which a new identity would not open; and a
# command that cannot be started ends as in a shell.
ERRORS = {"stat": {3, 4, 6}, "access": {3, 6}, "exec": {126}}
KEPT = "cannot be removed, and may hold secrets"  # said beside what went wrong
PLACE = "standard error: "  # of an error, as a file's name would be
YEARS = 20 * 365 * 24 * 3600
MAKING = "open-new,open-unnamed,write,mkdir,linkat"
# What goes on once it has begun: a full disk, a file system that has become read-only, a broken
# one; and a kernel that never moves more than one byte. Name: the calls, and what happens to them.
LASTING = {
    "full": (MAKING, "ENOSPC"),
    "read-only": (MAKING.replace("write,", "") + ",open-write,rename,unlink,unlinkat,fchmod",
                  "EROFS"),
    "broken": ("open,read,write,fsync," + MAKING, "EIO"),
    "tiny": ("read,write,write-output,write-error", "short"),
}


def orders_for(what):
    if what == "short":
        return {"FAULT_HOW": "short"}
    if what in ("later", "earlier"):
        return {"FAULT_HOW": "jump", "FAULT_JUMP": str(YEARS if what == "later" else -YEARS)}
    return {"FAULT_HOW": "fail", "FAULT_ERRNO": str(getattr(errno, what))}


class Disturbed(Trial):
    """A scenario whose calls go wrong."""

    def points(self):
        """What each run is to be: orders, a name to say, whether it changes nothing, the exit
        statuses that say what went wrong, and whether a temporary file may stay."""
        found = []
        for at, name in enumerate(self.calls, 1):
            for what in HAPPENS.get(name, ()):
                found.append(({**orders_for(what), "FAULT_AT": str(at)},
                              "%s at call %d (%s)" % (what, at, name), what in HARMLESS,
                              ERRORS.get(name, {6}), name == "unlink"))
        for kind, (calls, what) in LASTING.items():
            names = calls.split(",")
            count = sum(1 for name in self.calls if name in names)
            for at in range(1, 2 if what == "short" else count + 1):
                found.append(({**orders_for(what), "FAULT_CALLS": calls, "FAULT_FROM": str(at)},
                              "%s from call %d of its kind" % (kind, at), what in HARMLESS, {6}, kind == "read-only"))
        return found

    def disturb(self, point):
        orders, what, *expected = point
        done = self.run(orders)
        try:
            self.check(done, *expected)
        except Failure as failure:
            raise Failure("%s: %s" % (what, failure)) from failure

    def check(self, done, harmless, errors, may_leave):
        scenario = self.scenario
        left = self.bench.snapshot()
        error = done.stderr.decode(errors="replace")
        ended_well = done.returncode in scenario.statuses
        if done.returncode < 0:
            raise Failure("signal %d: %s" % (-done.returncode, error))
        if not ended_well and (harmless or done.returncode not in errors):
            raise Failure("exit status %d: %s" % (done.returncode, error))
        errors_said = error.replace(PLACE, "").count("error: ")
        if not ended_well and errors_said != 1 + error.count(KEPT):
            raise Failure("not one error: " + error)
        if harmless and done.returncode != self.done.returncode:
            raise Failure("exit status %d, not %d: %s" % (
                done.returncode, self.done.returncode, error))
        check_canary(scenario, done, self.before, self.without_whole(left))
        if not may_leave and any(".tmp-" in path for path in left):
            raise Failure("it left a temporary file")
        if KEPT not in error and self.bench.left_in_memory():
            raise Failure("left: " + ", ".join(self.bench.left_in_memory()))
        is_new = self.check_files(left)
        if ended_well and not all(is_new.values()):
            raise Failure("it ended well, and this is not done: %s" % is_new)
        if KEPT in error:
            self.must()
            if self.bench.left_in_memory():
                raise Failure("it stays: " + ", ".join(self.bench.left_in_memory()))
        elif difference(self.before, left) and not ended_well:
            self.verify(left)
            self.finish(is_new)
        self.bench.restore(self.before)


class Disk:
    """A file system of its own in memory, with the bench's files on it."""

    def __init__(self, bench):
        self.bench = bench
        self.filler = os.path.join(bench.area, "filler")

    def mount(self, options):
        return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.bench.area],
                              stderr=subprocess.PIPE, text=True, check=False)

    def unmount(self):
        subprocess.run(["umount", self.bench.area], check=True)

    def fill(self):
        with open(self.filler, "wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096):
                    pass
            except OSError:
                pass

    def is_refused(self, scenario):
        """It says so and changes nothing, and works when the disk does again."""
        done = self.bench.run(scenario.args, scenario.text)
        if done.returncode != 6 or done.stderr.decode().count("error: ") != 1:
            raise Failure("%s: exit status %d: %s" % (
                scenario.name, done.returncode, done.stderr.decode()))

    def try_full(self, scenario, before):
        self.bench.restore(before)
        self.fill()
        self.is_refused(scenario)
        os.unlink(self.filler)
        changed = [path for path in difference(before, self.bench.snapshot())
                   if not is_memory(path)]
        if changed:
            raise Failure("%s: it changed %s" % (scenario.name, ", ".join(changed)))
        self.bench.must(scenario.args, scenario.text, scenario.statuses)

    def try_read_only(self, scenario, before):
        self.bench.restore(before)
        subprocess.run(["mount", "-o", "remount,ro", self.bench.area], check=True)
        try:
            self.is_refused(scenario)
            self.bench.must(["verify", "-q", "-e", "dev"])
            self.bench.must(["get", "REDIS_PASSWORD"])
        finally:
            subprocess.run(["mount", "-o", "remount,rw", self.bench.area], check=True)
        self.bench.must(scenario.args, scenario.text, scenario.statuses)


def try_disks(bench):
    """What to say of it where it cannot be tried."""
    scenarios = [s for s in WRITING if s.state == "project"]
    before = bench.enter("project")
    disk = Disk(bench)
    done = disk.mount("size=512k") if os.geteuid() == 0 else None
    if done is None or done.returncode != 0:
        return "no file system can be mounted here" + (": " + done.stderr.strip() if done else "")
    try:
        for scenario in scenarios:
            disk.try_full(scenario, before)
            disk.try_read_only(scenario, before)
    finally:
        disk.unmount()
    return ""


def try_dead_holder(bench, shim):
    """Who holds the lock and stops is waited for, and then told of; when he is dead, nobody waits."""
    scenario = next(s for s in WRITING if s.name == "set")
    before = bench.enter("project")
    orders = {"LD_PRELOAD": shim, "FAULT_PROGRAM": os.path.basename(bench.program)}
    holder = bench.start(scenario.args, {**orders, "FAULT_CALLS": "fsync", "FAULT_AT": "1",
                                         "FAULT_HOW": "stop-before"},
                         stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    holder.stdin.write(scenario.text.encode())
    holder.stdin.close()
    os.waitid(os.P_PID, holder.pid, os.WSTOPPED)
    # With the preloaded object nobody sleeps between his tries.
    other = bench.run(["unset", "REDIS_PASSWORD"], env=orders)
    if other.returncode != 6 or b"another program is writing here" not in other.stderr:
        raise Failure("held: exit status %d: %s" % (other.returncode, other.stderr.decode()))
    bench.must(["get", "REDIS_PASSWORD"])
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    bench.must(["unset", "REDIS_PASSWORD"])
    bench.must(["verify", "-q", "-e", "dev"])
    bench.restore(before)
    return ""


def main():
    program, shim, source = (os.path.abspath(path) for path in sys.argv[1:4])
    scenarios = [s for s in SCENARIOS if sys.argv[5:6] in ([], [s.name])]
    failed = 0
    bench = Bench(program, source)
    more = [("a disk that is full, one that is read-only", try_disks, (bench,)),
            ("a process that dies with the lock", try_dead_holder, (bench, shim))]
    more = [] if sys.argv[5:6] else more
    print("1..%d" % (len(scenarios) + len(more)))
    try:
        trials = [Disturbed(bench, scenario, shim) for scenario in scenarios]
        points = [trial.points() for trial in trials]
        counts = [len(found) for found in points]
        if sys.argv[4] != "every":
            counts = share(int(sys.argv[4]), counts)
        for number, trial in enumerate(trials):
            name = trial.scenario.name
            chosen = spread(points[number], counts[number])
            problems = []
            bench.enter(trial.scenario.state)
            for point in chosen:
                try:
                    trial.disturb(point)
                except (Failure, subprocess.TimeoutExpired) as failure:
                    problems.append(str(failure))
                    bench.restore(trial.before)
            failed += bool(problems)
            print("%s %d - %s: %d of %d faults" % (
                "not ok" if problems else "ok", number + 1, name, len(chosen), len(points[number])))
            for problem in problems:
                print("# " + problem.replace("\n", "\n# "))
            sys.stdout.flush()
        for number, (name, test, args) in enumerate(more, len(scenarios) + 1):
            try:
                skip = test(*args)
                print("ok %d - %s%s" % (number, name, " # SKIP " + skip if skip else ""))
            except (Failure, subprocess.TimeoutExpired) as failure:
                failed += 1
                print("not ok %d - %s" % (number, name))
                print("# " + str(failure).replace("\n", "\n# "))
    finally:
        bench.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
