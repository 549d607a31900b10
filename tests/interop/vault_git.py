#!/usr/bin/python3
"""Random histories on random branches, merged with real git; then records are taken out of them.

Usage: vault_git.py VAULT_TOOL [ROUNDS [SEED]]. Prints TAP.

Merging and rebasing must lose nothing and must leave a vault that verifies. What is left of a vault must be refused if
and only if it is not closed under "is named by": where a record that is left names one that is gone. Ids and names are
computed here, not asked of the program.
"""
import base64
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

STEPS = 24
DELETIONS = 60
BRANCHES = 4


def ids_of(text):
    """Record id -> (line, the ids that it names)."""
    lines = text.split("\n")
    prefix = b"bulla1/id\n" + lines[0].encode() + b"\n"
    records = {}
    for line in lines[1:]:
        if not line or line.startswith("#"):
            continue
        said, _, _ = line.rpartition(" s=")
        digest = hashlib.blake2b(prefix + said.encode()).digest()[:32]
        named = set()
        for field in said.split(" ")[2:]:
            if field.startswith("p="):
                named.update(field[2:].split(","))
            elif field.startswith("m="):
                named.update(re.findall(r"(?:^|;)(?:from|keep|of):([^;]*)", field[2:]))
        records[base64.b64encode(digest).decode().rstrip("=")] = (line, named)
    return records


class Repository:
    def __init__(self, tool, folder, rnd):
        self.tool, self.folder, self.rnd = tool, folder, rnd
        self.tree = os.path.join(folder, "tree")
        self.vault = os.path.join(self.tree, ".bulla", "prod.vault")
        self.environment = dict(os.environ, HOME=folder, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL="/dev/null",
                                GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.org", GIT_COMMITTER_NAME="a",
                                GIT_COMMITTER_EMAIL="a@example.org", GIT_EDITOR="true")
        self.clock = 0
        os.makedirs(os.path.dirname(self.vault))
        with open(os.path.join(self.tree, ".bulla", ".gitattributes"), "w") as file:
            file.write("*.vault text eol=lf merge=union diff=bulla\n")
        self.call("found", folder, self.vault)
        self.git("init", "-q", "-b", "b0")
        self.commit("first")
        self.branches = ["b0"]

    def git(self, *arguments):
        done = subprocess.run(["git", *arguments], cwd=self.tree, env=self.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise AssertionError("git %s: %s" % (" ".join(arguments), done.stdout))
        return done.stdout

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def call(self, *arguments):
        subprocess.run([self.tool, *arguments], check=True, stderr=subprocess.DEVNULL)

    def read(self, revision=None):
        if revision is not None:
            return self.git("show", revision + ":.bulla/prod.vault")
        with open(self.vault) as file:
            return file.read()

    def write(self):
        self.clock += 1
        self.call("step", self.folder, self.vault, str(self.rnd.getrandbits(32)), str(self.clock))
        self.commit("write")

    def join(self):
        """Two branches become one, one way or another: nothing may be lost."""
        other = self.rnd.choice(self.branches)
        wanted = set(ids_of(self.read())) | set(ids_of(self.read(other)))
        way = self.rnd.choice(("merge", "merge", "merge", "rebase", "squash"))
        if way == "merge":
            self.git("merge", "-q", "--no-edit", other)
        elif way == "rebase":
            self.git("rebase", "-q", other)
        else:
            self.git("merge", "-q", "--squash", other)
            self.commit("squash")
        got = set(ids_of(self.read()))
        if got != wanted:
            raise AssertionError("%s has %d records, not %d" % (way, len(got), len(wanted)))
        return way

    def step(self):
        self.git("checkout", "-q", self.rnd.choice(self.branches))
        draw = self.rnd.random()
        if draw < .12 and len(self.branches) < BRANCHES:
            self.branches.append("b%d" % len(self.branches))
            self.git("checkout", "-q", "-b", self.branches[-1])
        elif draw < .4 and len(self.branches) > 1:
            return self.join()
        self.write()
        return None


def verdicts(tool, files):
    """Per file: was it refused, when read and when verified."""
    done = subprocess.run([tool, "dump", *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=True)
    return [["refused" in answer for answer in json.loads(line)] for line in done.stdout.splitlines()]


def some_to_delete(rnd, records):
    """A few at random; the newest; one with all that stands on it; or so many that little is left."""
    ids = sorted(records)
    way = rnd.randrange(4)
    if way == 0:
        return set(rnd.sample(ids, min(len(ids), rnd.randint(1, 3))))
    gone = {rnd.choice(ids)} if way < 3 else set(rnd.sample(ids, rnd.randint(1, 4)))
    grown = True
    while grown:  # closed upward: what names something that is gone goes too
        more = {i for i in ids if i not in gone and records[i][1] & gone}
        gone |= more
        grown = bool(more)
    if way == 2 and len(gone) > 1:  # … but for one of them
        gone.remove(rnd.choice(sorted(gone)))
    return gone


def is_closed(records, gone):
    left = set(records) - gone
    return bool(left) and all(records[i][1] <= left for i in left)


def delete(repository, folder):
    """Vaults with records gone, and whether that has to be noticed."""
    rnd = repository.rnd
    files, closed = [], []
    for branch in repository.branches:
        text = repository.read(branch)
        records = ids_of(text)
        for _ in range(DELETIONS // len(repository.branches)):
            gone = some_to_delete(rnd, records)
            drop = {records[i][0] for i in gone}
            path = os.path.join(folder, "%d.vault" % len(files))
            with open(path, "w") as file:
                file.write("\n".join(line for line in text.split("\n") if line not in drop))
            files.append(path)
            closed.append(is_closed(records, gone))
    return files, closed


def play(tool, seed):
    rnd = random.Random(seed)
    folder = tempfile.mkdtemp()
    ways = []
    try:
        repository = Repository(tool, folder, rnd)
        for _ in range(STEPS):
            way = repository.step()
            if way is not None:
                ways.append(way)
            if verdicts(tool, [repository.vault]) != [[False, False]]:
                raise AssertionError("refused after %s" % (way or "a write"))
        files, closed = delete(repository, folder)
        for path, is_whole, refused in zip(files, closed, verdicts(tool, files)):
            if refused != [not is_whole, not is_whole]:
                kept = os.path.join(tempfile.gettempdir(), "bulla-%d.vault" % seed)
                shutil.copy(path, kept)
                raise AssertionError("closed: %s, refused: %s, see %s" % (is_whole, refused, kept))
        return len(ways), len(files), sum(closed)
    finally:
        shutil.rmtree(folder)


def main():
    tool = os.path.realpath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    if shutil.which("git") is None:
        print("1..0 # SKIP git is not installed")
        return
    print("1..%d" % (rounds + 1))
    joined = tried = whole = 0
    for number in range(rounds):
        try:
            counts = play(tool, first + number)
            joined, tried, whole = joined + counts[0], tried + counts[1], whole + counts[2]
            print("ok %d - history %d" % (number + 1, first + number))
        except (AssertionError, subprocess.CalledProcessError) as error:
            print("not ok %d - history %d" % (number + 1, first + number))
            print("# " + str(error).replace("\n", "\n# "))
    # A property that was tried on one kind of case only is none.
    fine = joined >= rounds and whole >= tried // 10 and tried - whole >= tried // 10
    print("%sok %d - %d joins; %d deletions, of which %d leave a whole history"
          % ("" if fine else "not ", rounds + 1, joined, tried, whole))


main()
