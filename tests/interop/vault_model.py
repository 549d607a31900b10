#!/usr/bin/python3
"""Compares our verdicts on vaults with those of the executable model of the format.

Usage: vault_model.py VAULT_TOOL MODEL_FOLDER [ROUNDS]

BULLA_SHARED, where it is set, says where the model is. Exit status 77 where the model or python3-cryptography is missing.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

SKIP = 77
NAMES = ["DB", "A", "B"]
ACTIONS = (["set"] * 5 + ["pending", "mark", "keep", "del", "join", "member", "member", "grant",
                          "unmember", "rekey", "from", "newkeys", "handover"])


def load_model(folder):
    path = os.path.join(folder, "model.py")
    if not os.path.exists(path):
        print("SKIP: no model at", path)
        sys.exit(SKIP)
    try:
        import cryptography  # noqa: F401
    except ImportError:
        print("SKIP: python3-cryptography is missing")
        sys.exit(SKIP)
    import importlib.util
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("vault_model_of_the_format", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class History:
    """Random branches of one vault. Honest writers write only what counts, dishonest ones all
    that the rules of the file let them; both may be unioned in any order."""

    def __init__(self, model, rnd, honest):
        self.model, self.rnd, self.honest = model, rnd, honest
        self.people = [model.Author(n) for n in ("alice", "bob", "carol", "dora", "erin")]
        self.spare = {p.name: model.Author(p.name) for p in self.people}
        self.keys = {}
        alice = self.people[0]
        vault = model.new("prod", alice, self.keys)
        vault.put(alice, "member", "bob", m=self.people[1].meta("writer"))
        vault.put(alice, "member", "carol", m=self.people[2].meta("admin"))
        for name in ("bob", "carol"):
            vault.put(alice, "grant", name, k=list(self.keys)[0], d=lambda aad: b"age")
        vault.set(alice, "DB", b"one", self.keys)
        self.tips = [vault.verify()]
        self.refused = []

    def author(self):
        person = self.rnd.choice(self.people)
        return self.spare[person.name] if self.rnd.random() < .1 else person

    def act(self, vault):
        rnd, who, name = self.rnd, self.author(), self.rnd.choice(NAMES)
        action = rnd.choice(ACTIONS)
        versions = [x for x in vault.val.get(name, []) if x.kind == "set"]
        other = rnd.choice(self.people)
        if action == "set":
            vault.set(who, name, os.urandom(rnd.randint(0, 40)), self.keys)
        elif action == "pending":
            vault.set(who, name, b"p", self.keys, m={"state": "pending"})
        elif action == "from" and versions:
            every = [x for x in vault.r.values() if x.kind == "set"]
            vault.set(who, name, b"f", self.keys, m={"from": rnd.choice(every).id})
        elif action == "mark" and versions:
            vault.put(who, "mark", name, m={
                "of": rnd.choice(versions).id,
                "state": rnd.choice(["current", "current", "retired", "exposed"])})
        elif action == "keep" and versions:
            vault.put(who, "mark", name, m={
                "of": rnd.choice(versions).id, "state": "current",
                "keep": rnd.choice(versions).id, "until": "20270101T000000Z"})
        elif action == "del":
            vault.dele(who, name)
        elif action == "join":
            vault.put(who, "join", who.name)
        elif action == "member":
            vault.put(who, "member", other.name,
                      m=other.meta(rnd.choice(["reader", "writer", "admin"])))
        elif action == "newkeys":
            vault.put(who, "member", other.name,
                      m=self.spare[other.name].meta(rnd.choice(["writer", "admin"])))
        elif action == "grant":
            epoch = rnd.choice(list(vault.keys))
            vault.put(who, "grant", other.name, k=epoch, d=lambda aad: b"age")
        elif action == "unmember":
            vault.put(who, "unmember", other.name)
        elif action == "rekey":
            vault.rekey(who, list(vault.members()), self.keys)
        elif action == "handover" and rnd.random() < .3:
            vault.put(who, "member", other.name, m=other.meta("owner"))

    def step(self):
        vault = self.model.copy(self.rnd.choice(self.tips)).verify()
        for _ in range(self.rnd.randint(1, 3)):
            tried = self.model.copy(vault).verify()
            try:
                self.act(tried)
                tried.verify()
            except (self.model.Bad, KeyError):
                self.refused.append(tried.text())
                continue
            fresh = tried.lines[len(vault.lines):]
            if self.honest and not all(tried.counts(x.id) for x in fresh):
                continue
            vault = tried
        self.tips.append(self.model.copy(vault))

    def union(self):
        first, second = self.rnd.sample(self.tips, 2)
        return self.model.union(first, second)


def verdict(model, text):
    """What the model says of a file, in the form of `vault_tool dump`."""
    try:
        vault = model.Vault(text, env="prod").verify()
    except model.Bad:
        return None
    names = {}
    for name in vault.val:
        current, contested = vault.current(name)
        names[name] = {
            "contested": contested, "current": current,
            "versions": {i: [vault.r[i].v, state, vault.exposed(i)]
                         for i, state in vault.states(name).items()}}
    return {"root": vault.root.id, "heads": vault.heads(),
            "void": sorted(i for i in vault.r if not vault.counts(i)),
            "members": vault.members(), "epoch": vault.epoch(), "names": names}


def normal(dumped):
    if "refused" in dumped:
        return None
    dumped["void"] = sorted(dumped["void"])
    return dumped


def compare(model, tool, texts, folder):
    files = []
    for number, text in enumerate(texts):
        files.append(os.path.join(folder, "%d.vault" % number))
        with open(files[-1], "w") as out:
            out.write(text)
    got = subprocess.run([tool, "dump"] + files, capture_output=True, text=True, check=True)
    lines = got.stdout.splitlines()
    assert len(lines) == len(files), got.stderr
    refused = 0
    for path, text, line in zip(files, texts, lines):
        want = verdict(model, text)
        read, verified = (normal(x) for x in json.loads(line))
        refused += want is None
        if verified != want:
            report(path, text, want, verified, got.stderr)
        # Reading checks less, but what it accepts of sound signatures it judges the same.
        if want is not None and read != want:
            report(path, text, want, read, got.stderr)
    return refused


def report(path, text, want, got, errors):
    keep = os.path.join(tempfile.gettempdir(), "bulla-vault-difference.vault")
    with open(keep, "w") as out:
        out.write(text)
    print("verdicts differ:", keep)
    for key in sorted(set(want or {}) | set(got or {})):
        ours, theirs = (got or {}).get(key), (want or {}).get(key)
        if ours != theirs:
            print(" ", key, "\n    ours ", ours, "\n    model", theirs)
    print("\n".join(l for l in errors.splitlines() if l.startswith(path)))
    sys.exit(1)


def compare_histories(model, tool, rounds):
    texts = []
    for number in range(rounds):
        rnd = random.Random(number)
        history = History(model, rnd, honest=number % 2 == 0)
        for _ in range(14):
            history.step()
            if rnd.random() < .6:
                merged = history.union()
                texts.append(merged.text())
                try:
                    history.tips.append(merged.verify())
                except model.Bad:
                    continue
        texts += history.refused[:3]
        lines = history.tips[-1].text().split("\n")
        body = lines[1:]
        rnd.shuffle(body)
        texts.append("\n".join(lines[:1] + body) + "\n")
    with tempfile.TemporaryDirectory() as folder:
        refused = compare(model, tool, texts, folder)
    print("%d files of the model compared, %d refused by both" % (len(texts), refused))


def compare_stories(model, tool, rounds):
    values = 0
    for seed in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([tool, "story", folder, str(seed)], check=True, capture_output=True)
            paths = [os.path.join(folder, str(n), "prod.vault") for n in range(3)]
            texts = [open(path).read() for path in paths]
            for text in texts:
                assert verdict(model, text) is not None, "the model refuses what we wrote"
            compare(model, tool, texts, folder)
            shown = json.loads(subprocess.run(
                [tool, "values", paths[0], os.path.join(folder, "alice.txt")], check=True,
                capture_output=True, text=True).stdout)
            keys = {k: bytes.fromhex(v) for k, v in shown["keys"].items()}
            vault = model.Vault(texts[0]).verify()
            for ident, value in shown["values"].items():
                assert vault.decrypt(ident, keys) == bytes.fromhex(value)
                values += 1
    print("%d stories of ours verify in the model, %d values agree" % (rounds, values))


def main():
    tool, folder = sys.argv[1:3]
    if "BULLA_SHARED" in os.environ:
        folder = os.path.join(os.environ["BULLA_SHARED"], "tools", "vault-model")
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 12
    model = load_model(folder)
    compare_histories(model, tool, rounds)
    compare_stories(model, tool, max(2, rounds // 3))


if __name__ == "__main__":
    main()
