"""What a scenario leaves undisturbed, and how much of it a disturbed run has left."""
import base64
import collections
import hashlib
import os
import re
import time

from bench import Failure, difference, is_memory


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


class Trial:
    """A scenario that was run undisturbed once; the bench is in the state before it."""

    def __init__(self, bench, scenario, shim):
        self.bench = bench
        self.scenario = scenario
        self.orders = {"LD_PRELOAD": shim, "FAULT_PROGRAM": os.path.basename(bench.program)}
        self.before = bench.enter(scenario.state)
        log = os.path.join(bench.root, "log")
        began = time.monotonic()
        self.done = bench.run(scenario.args, scenario.text, {**self.orders, "FAULT_LOG": log})
        self.seconds = time.monotonic() - began
        if self.done.returncode not in scenario.statuses:
            raise Failure("undisturbed: %d: %s" % (
                self.done.returncode, self.done.stderr.decode()))
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

    def run(self, orders):
        return self.bench.run(self.scenario.args, self.scenario.text, {**self.orders, **orders})

    def must(self):
        self.bench.must(self.scenario.args, self.scenario.text, self.scenario.statuses)

    def check_files(self, left):
        """Each file is the old or the new one; returns which of those that change are new."""
        is_new = {}
        for path in difference(self.before, left):
            is_folder = path in left and left[path][1] is None
            if not is_memory(path) and not is_folder and ".tmp-" not in path and (
                    path not in self.changed):
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

    def without_whole(self, left):
        """LEFT without what was stopped in the instant between its name and its place: a whole new
        file, for nobody else's eyes, beside the one that may hold its values."""
        found = dict(left)
        for path, (mode, content) in left.items():
            target = path.split(".tmp-")[0]
            if (target != path and target in self.changed and mode & 0o777 == 0o600
                    and content == self.after[target][1]):
                del found[path]
        return found

    def verify(self, left):
        """Every vault that changes verifies."""
        for path in self.changed:
            if path.endswith(".vault") and path in left:
                # --root: an unfinished init leaves vaults that this machine has not seen before.
                self.bench.must(["verify", "-q", "-e", os.path.basename(path).split(".")[0],
                                 "--root", root_of(left[path][1])])

    def finish(self, is_new):
        """What is left to do can be done."""
        if all(is_new.values()) and is_new:
            return
        if "--out" in self.scenario.args and any(is_new.values()):
            # The identity was written and its member was not: it is there to be used.
            self.bench.must(["identity", "show", "--identity", "ci.txt"])
        else:
            self.must()


def spread(points, count):
    """COUNT of POINTS, evenly."""
    if count >= len(points):
        return points
    return [points[at * len(points) // count] for at in range(count)]


def share(count, sizes):
    """COUNT among parts of SIZES in proportion, at most what each has."""
    total = sum(sizes)
    return [min(size, -(-count * size // total)) if total else 0 for size in sizes]
