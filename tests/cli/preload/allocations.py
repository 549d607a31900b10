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
import shutil
import subprocess
import sys
import tempfile

CANARY = "Zq7CanaryWv93KxTb5Ehq2Nd"
ONE_BY_ONE = 60  # `some`: allocations that are all taken, then every 1/STEPS further
STEPS = 8

# Name, arguments, standard input, statuses of the undisturbed command, may print the secret,
# changes files.
COMMANDS = [
    ("init", ["init", "--name", "alice"], None, {0}, False, True),
    ("generate", ["generate", "hex:32"], None, {0}, False, False),
    ("identity-new", ["identity", "new", "--out", "key.txt"], None, {0}, False, True),
    ("identity-show", ["identity", "show"], None, {0}, False, False),
    ("check", ["check"], None, {0, 1}, False, False),
    ("check-json", ["check", "--format", "json"], None, {0, 1}, False, False),
    ("list", ["list"], None, {0}, False, False),
    ("get", ["get", "STRIPE_SECRET_KEY"], None, {0}, True, False),
    ("set", ["set", "STRIPE_SECRET_KEY"], "sk_live_" + CANARY + "2\n", {0}, False, True),
    ("unset", ["unset", "STRIPE_SECRET_KEY"], None, {0}, False, True),
    ("history", ["history", "STRIPE_SECRET_KEY"], None, {0}, False, False),
    ("rollback", ["rollback", "STRIPE_SECRET_KEY"], None, {0}, False, True),
    ("diff", ["diff", "dev", "prod"], None, {0, 1, 3}, False, False),
    ("fill", ["fill"], None, {0, 1}, False, True),
    ("verify", ["verify"], None, {0}, False, False),
    ("uses", ["uses", "DATABASE_URL"], None, {0}, False, False),
    ("explain", ["explain", "DATABASE_URL"], None, {0}, False, False),
    ("status", ["status"], None, {0, 1}, False, False),
    ("render", ["render"], None, {0}, False, True),
    ("render-check", ["render", "--check"], None, {0, 1}, False, False),
    ("run", ["run", "--", "true"], None, {0}, False, False),
    ("rotate", ["rotate", "POSTGRES_PASSWORD"], None, {0}, False, True),
]


class Failure(Exception):
    pass


class Bench:
    """A folder with a stack, a home, and the program to run in them."""

    def __init__(self, program, shim, source):
        self.program = program
        self.shim = shim
        self.root = tempfile.mkdtemp(prefix="bulla-alloc-")
        self.project = os.path.join(self.root, "area", "project")
        self.mark = os.path.join(self.root, "mark")
        home = os.path.join(self.root, "area", "home")
        os.makedirs(home, mode=0o700)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_CONFIG_HOME": home + "/.config",
            "XDG_STATE_HOME": home + "/.local/state",
            "GIT_CEILING_DIRECTORIES": self.root,
            "LC_ALL": "C.UTF-8",
        }
        shutil.copytree(os.path.join(source, "templates", "stacks", "shop"), self.project)
        with open(os.path.join(self.project, "compose.prod.yaml"), "w", encoding="ascii") as file:
            file.write("services: {api: {restart: always}}\n")

    def close(self):
        shutil.rmtree(self.root)

    def run(self, args, text=None, orders=None):
        env = dict(self.env)
        if orders:
            env["LD_PRELOAD"] = self.shim
            env["FAIL_ALLOC_PROGRAM"] = os.path.basename(self.program)
            env["FAIL_ALLOC_MARK"] = self.mark
            env.update(orders)
        return subprocess.run(
            [self.program] + args,
            cwd=self.project,
            env=env,
            input=b"" if text is None else text.encode(),
            capture_output=True,
            timeout=20,
            check=False,
        )

    def must(self, args, text=None):
        done = self.run(args, text)
        if done.returncode != 0:
            raise Failure("%s: %d: %s" % (" ".join(args), done.returncode, done.stderr.decode()))

    def fired(self):
        try:
            os.unlink(self.mark)
            return True
        except FileNotFoundError:
            return False

    def snapshot(self):
        """Path -> (mode, bytes) of every file and folder."""
        found = {}
        area = os.path.join(self.root, "area")
        for folder, _, names in os.walk(area):
            found[os.path.relpath(folder, area)] = (os.lstat(folder).st_mode, None)
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, area)] = (os.lstat(path).st_mode, file.read())
        return found

    def restore(self, wanted):
        area = os.path.join(self.root, "area")
        for folder, folders, names in os.walk(area, topdown=False):
            for name in names:
                if os.path.relpath(os.path.join(folder, name), area) not in wanted:
                    os.unlink(os.path.join(folder, name))
            for name in folders:
                if os.path.relpath(os.path.join(folder, name), area) not in wanted:
                    os.rmdir(os.path.join(folder, name))
        for path, (mode, content) in sorted(wanted.items()):
            full = os.path.join(area, path)
            if content is None:
                os.makedirs(full, exist_ok=True)
            else:
                with open(full, "wb") as file:
                    file.write(content)
            os.chmod(full, mode & 0o7777)


def is_memory(path):
    """What the machine remembers of vaults: the journal is ahead of the vault by design."""
    return path.startswith("home/.local")


def project_files(snapshot):
    return {path: entry for path, entry in snapshot.items() if not is_memory(path)}


def difference(before, after):
    return sorted(
        path for path in set(before) | set(after) if before.get(path) != after.get(path)
    )


def check_canary(done, before, after, may_print):
    said = done.stderr if may_print else done.stdout + done.stderr
    if CANARY.encode() in said:
        raise Failure("the secret was printed")
    for path in difference(before, after):
        content = after.get(path, (0, None))[1]
        if content is not None and CANARY.encode() in content and not path.endswith(".env"):
            raise Failure("the secret is in " + path)


def check_run(bench, command, done, before):
    """What has to hold whichever allocation failed; `before` are the files it started with."""
    name, args, text, statuses, may_print, changes = command
    after = bench.snapshot()
    stderr = done.stderr.decode(errors="replace")
    if done.returncode < 0:
        raise Failure("signal %d: %s" % (-done.returncode, stderr))
    if done.returncode not in statuses | {6}:
        raise Failure("exit status %d: %s" % (done.returncode, stderr))
    if done.returncode == 6 and "error: " not in stderr:
        raise Failure("it failed without an error: " + stderr)
    check_canary(done, before, after, may_print)
    changed = difference(project_files(before), project_files(after))
    if changed and not changes:
        raise Failure("it changed " + ", ".join(changed))
    if any(".tmp-" in path for path in changed):
        raise Failure("it left " + ", ".join(changed))
    if changed:
        # Not as they were: then nothing is half done that the same command does not complete.
        if done.returncode != 0 and name != "identity-new":
            again = bench.run(args, text)
            if again.returncode not in statuses:
                raise Failure("%s changed, and again: %s" % (changed, again.stderr.decode()))
        if os.path.exists(os.path.join(bench.project, ".bulla")):
            bench.must(["verify", "-q"])
    if changed or len(after) != len(before) or done.returncode == 0:
        bench.restore(before)


def numbers(every):
    number = 1
    while True:
        yield number
        number += 1 if every or number < ONE_BY_ONE else max(1, number // STEPS)


def fail_each(bench, command, order, every):
    """Returns how many runs it took."""
    name, args, text, statuses, _, _ = command
    before = bench.snapshot()
    plain = bench.run(args, text)
    if plain.returncode not in statuses:
        raise Failure("undisturbed: %d: %s" % (plain.returncode, plain.stderr.decode()))
    bench.restore(before)
    count = 0
    for number in numbers(every):
        done = bench.run(args, text, {order: str(number)})
        if not bench.fired():
            if done.returncode not in statuses:
                raise Failure("the shim alone: %d" % done.returncode)
            bench.restore(before)
            return count
        count += 1
        try:
            check_run(bench, command, done, before)
        except Failure as failure:
            raise Failure("%s, allocation %d: %s" % (name, number, failure)) from failure
    return count


def prepare(bench, known):
    """A project with a history: every command finds something to do."""
    bench.must(["init", "--name", "alice"])
    if "set" in known:
        bench.must(["set", "STRIPE_SECRET_KEY"], "sk_test_" + CANARY + "0\n")
        bench.must(["set", "STRIPE_SECRET_KEY"], "sk_test_" + CANARY + "1\n")


def main():
    program, shim, source, how = (os.path.abspath(path) for path in sys.argv[1:5])
    every = os.path.basename(how) == "every"
    listed = subprocess.run([program, "help"], capture_output=True, check=True, text=True).stdout
    known = {line.split()[0] for line in listed.splitlines() if line.startswith("  ")}
    commands = [c for c in COMMANDS if c[1][0] in known and sys.argv[5:6] in ([], [c[0]])]
    failed = 0
    orders = ["FAIL_ALLOC_AT"] + (["FAIL_ALLOC_FROM"] if every else [])
    print("1..%d" % (len(commands) * len(orders)))
    number = 0
    for command in commands:
        bench = Bench(program, shim, source)
        try:
            if command[0] != "init":
                prepare(bench, known)
            for order in orders:
                number += 1
                what = "%s: each allocation fails%s" % (
                    command[0],
                    "" if order == "FAIL_ALLOC_AT" else ", and all that follow",
                )
                try:
                    count = fail_each(bench, command, order, every)
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
