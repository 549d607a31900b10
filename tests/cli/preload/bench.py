"""A place to run the program in, and what each of its commands needs to find there.

Bench is a folder with a stack, a home, and the program; SCENARIOS are the commands, each with the
state that it starts from. The preloaded objects of this folder are switched on run by run.
"""
import base64
import glob
import os
import shutil
import subprocess
import tempfile

# Letters and digits only, so that no quoting or escaping hides it. Long, so that pieces of it are
# left where the memory allocator has written into a block that was freed.
CANARY = "Zq7CanaryWv93KxTb5Ehq2NdLm4RcUy8GpSj6FtHz1DoQe0VaIi"


class Failure(Exception):
    pass


class Scenario:
    """One command: how it is called, how it ends undisturbed, and what it may do."""

    def __init__(self, name, args, text=None, statuses=(0,), prints=False, changes=(),
                 state="project", once=None):
        self.name = name
        self.args = args
        self.text = text  # standard input
        self.statuses = set(statuses)
        self.prints = prints  # may print the secret
        self.changes = changes  # files of the project that it changes
        self.state = state  # which of STATES it starts from
        self.once = once  # what it is refused with when it has been done; None: it is not


VAULT = ".bulla/dev.vault"
BOTH = (VAULT, ".bulla/prod.vault")

# What changes something.
WRITING = [
    Scenario("init", ["init", "--name", "alice"], state="empty", changes=BOTH + (
        "bulla.ini", ".gitignore", ".bulla/.gitignore", ".bulla/.gitattributes",
        "../home/.config/bulla/identity.txt")),
    Scenario("set", ["set", "STRIPE_SECRET_KEY"], "sk_live_" + CANARY + "2\n", changes=(VAULT,)),
    Scenario("unset", ["unset", "STRIPE_SECRET_KEY"], changes=(VAULT,)),
    Scenario("fill", ["fill"], statuses=(0, 1), changes=(VAULT,), state="unfilled"),
    Scenario("edit", ["edit"], changes=(VAULT,)),
    Scenario("rollback", ["rollback", "STRIPE_SECRET_KEY"], changes=(VAULT,)),
    Scenario("rotate", ["rotate", "POSTGRES_PASSWORD"], changes=(VAULT,)),
    Scenario("render", ["render"], changes=(".env",)),
    Scenario("render-again", ["render"], changes=(".env",), state="rendered"),
    Scenario("recipient-add", ["recipient", "add", "@bob", "--role", "writer", "--yes",
                               "--all-environments"], changes=BOTH),
    Scenario("recipient-new", ["recipient", "add", "ci", "--new", "--out", "ci.txt"],
             changes=(VAULT, "ci.txt")),
    Scenario("recipient-remove", ["recipient", "remove", "bob", "--yes"], changes=(VAULT,),
             state="bob", once="no member 'bob'"),
    Scenario("resolve", ["resolve", "STRIPE_SECRET_KEY", "--new"], "sk_live_" + CANARY + "9\n",
             changes=(VAULT,), state="contested", once="is not contested"),
    Scenario("restore", ["restore"], changes=(VAULT,), state="lost"),
    Scenario("fix", ["check", "--fix", "--yes"], statuses=(0, 1), state="fixable", changes=(
        "compose.yaml",)),
    Scenario("identity-new", ["identity", "new", "--out", "key.txt"], changes=("key.txt",)),
    Scenario("identity-import", ["identity", "import", "--out", "key.txt"], "@identity",
             changes=("key.txt",)),
    Scenario("age-keygen", ["age", "keygen", "--out", "key.txt"], changes=("key.txt",)),
    Scenario("age-encrypt", ["age", "encrypt", "-r", "@recipient", "-o", "sealed.age"],
             CANARY + "\n", changes=("sealed.age",)),
    Scenario("age-decrypt", ["age", "decrypt", "-o", "opened.txt", "../sealed.age"],
             changes=("opened.txt",), state="sealed"),
]

# What reads.
READING = [
    Scenario("generate", ["generate", "hex:32"]),
    Scenario("identity-show", ["identity", "show"]),
    Scenario("recipient-request", ["recipient", "request", "--name", "alice"]),
    Scenario("recipient-list", ["recipient", "list"]),
    Scenario("access", ["access"]),
    Scenario("check", ["check"], statuses=(0, 1)),
    Scenario("check-json", ["check", "--format", "json"], statuses=(0, 1)),
    Scenario("list", ["list"]),
    Scenario("get", ["get", "STRIPE_SECRET_KEY"], prints=True),
    Scenario("history", ["history", "STRIPE_SECRET_KEY"]),
    Scenario("diff", ["diff", "dev", "prod"], statuses=(0, 1, 3)),
    Scenario("verify", ["verify"]),
    Scenario("uses", ["uses", "DATABASE_URL"]),
    Scenario("explain", ["explain", "DATABASE_URL"]),
    Scenario("status", ["status"], statuses=(0, 1)),
    Scenario("render-check", ["render", "--check"], statuses=(0, 1)),
    Scenario("run", ["run", "--", "true"]),
]

SCENARIOS = READING + WRITING


class Bench:
    """A folder with a stack, a home, and the program to run in them."""

    def __init__(self, program, source):
        self.program = program
        self.root = tempfile.mkdtemp(prefix="bulla-bench-")
        self.area = os.path.join(self.root, "area")
        self.project = os.path.join(self.area, "project")
        self.home = os.path.join(self.area, "home")
        self.temporary = os.path.join(self.area, "tmp")
        self.tag = "p%dv" % os.getpid()  # tells what this bench has left from what another has
        self.words = {}  # what stands for "@..." in arguments and input
        self.states = {}
        os.makedirs(self.home, mode=0o700)
        os.makedirs(self.temporary)
        self.env = self.environment(self.home)
        shutil.copytree(os.path.join(source, "templates", "stacks", "shop"), self.project)
        self.write("compose.prod.yaml", "services: {api: {restart: always}}\n")

    def environment(self, home):
        return {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_CONFIG_HOME": home + "/.config",
            "XDG_STATE_HOME": home + "/.local/state",
            "TMPDIR": self.temporary,
            "GIT_CEILING_DIRECTORIES": self.root,
            "LC_ALL": "C.UTF-8",
            "EDITOR": "sed -i s/sk_test_/sk_live_/",
        }

    def close(self):
        shutil.rmtree(self.root)

    def path(self, name):
        return os.path.join(self.project, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), "r", encoding="utf-8") as file:
            return file.read()

    def resolve(self, args):
        """ARGS with what "@name" stands for; it may be several words."""
        found = []
        for word in args:
            found += self.words.get(word, [word])
        return found

    def run(self, args, text=None, env=None, timeout=60):
        text = self.resolve([text])[0] if text is not None else ""
        return subprocess.run(
            [self.program] + self.resolve(args),
            cwd=self.project,
            env={**self.env, **(env or {})},
            input=text.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
        )

    def start(self, args, env=None, **how):
        """The same without waiting for its end."""
        return subprocess.Popen([self.program] + self.resolve(args), cwd=self.project,
                                env={**self.env, **(env or {})}, **how)

    def must(self, args, text=None, statuses=(0,), env=None, timeout=60):
        done = self.run(args, text, env, timeout)
        if done.returncode not in statuses:
            raise Failure("%s: %d: %s" % (" ".join(args), done.returncode, done.stderr.decode()))
        return done.stdout.decode()

    # Files

    def snapshot(self):
        """Path -> (mode, bytes) of every file and folder."""
        found = {}
        for folder, _, names in os.walk(self.area):
            found[os.path.relpath(folder, self.area)] = (os.lstat(folder).st_mode, None)
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.area)] = (os.lstat(path).st_mode, file.read())
        return found

    def restore(self, wanted):
        """Makes the area what WANTED says; what is so already is not touched."""
        present = self.snapshot()
        for path in sorted(set(present) - set(wanted), reverse=True):
            full = os.path.join(self.area, path)
            if present[path][1] is None:
                os.rmdir(full)
            else:
                os.unlink(full)
        for path, (mode, content) in sorted(wanted.items()):
            if present.get(path) == (mode, content):
                continue
            full = os.path.join(self.area, path)
            if content is None:
                os.makedirs(full, exist_ok=True)
            else:
                with open(full, "wb") as file:
                    file.write(content)
            os.chmod(full, mode & 0o7777)

    def left_in_memory(self):
        """The folders of `edit` in /dev/shm that have this bench's secret."""
        found = []
        for path in glob.glob("/dev/shm/bulla-edit-*/*"):
            try:
                with open(path, "rb") as file:
                    if (CANARY + self.tag).encode() in file.read():
                        found.append(os.path.dirname(path))
            except OSError:
                pass  # somebody else's, or gone by now
        return found

    # The states that scenarios start from

    def enter(self, state):
        """Brings the area into STATE; it is made once and then copied."""
        if state not in self.states:
            getattr(self, "make_" + state)()
            self.states[state] = self.snapshot()
        self.restore(self.states[state])
        return self.states[state]

    def make_empty(self):
        pass

    def make_unfilled(self):
        """Vaults whose generated secrets were all unset."""
        self.enter("project")
        self.must(["unset", "POSTGRES_PASSWORD"])
        self.must(["unset", "SESSION_SECRET"])

    def make_project(self):
        """A vault with a history, an identity, and the request of somebody else."""
        self.enter("empty")
        self.must(["init", "--name", "alice"])
        for number in range(2):
            self.must(["set", "STRIPE_SECRET_KEY"], "sk_test_%s%s%d\n" % (
                CANARY, self.tag, number))
        with open(self.home + "/.config/bulla/identity.txt", encoding="ascii") as file:
            self.words["@identity"] = [file.read()]
        self.words["@recipient"] = self.must(["identity", "show"]).split()
        other = self.environment(self.root + "/bob")
        os.makedirs(self.root + "/bob", mode=0o700, exist_ok=True)
        if not os.path.exists(self.root + "/bob/.config"):
            self.must(["identity", "new"], env=other)
        self.words["@bob"] = self.must(["recipient", "request", "--name", "bob"],
                                       env=other).split()

    def make_rendered(self):
        """A rendered file that is out of date."""
        self.enter("project")
        self.must(["render"])
        self.must(["set", "STRIPE_SECRET_KEY"], "sk_test_" + CANARY + "7\n")

    def make_bob(self):
        self.enter("project")
        self.must(["recipient", "add", "@bob", "--role", "writer", "--yes"])

    def make_contested(self):
        """Two branches have set one name and were merged."""
        self.enter("project")
        before = self.snapshot()
        lines = []
        for text in "45":
            self.restore(before)
            self.must(["set", "STRIPE_SECRET_KEY"], "sk_test_" + CANARY + text + "\n")
            lines += [line for line in self.read(VAULT).splitlines(True) if line not in lines]
        self.write(VAULT, "".join(lines))

    def make_lost(self):
        """The file was taken back to where it had been; the journal has the rest."""
        self.enter("project")
        before = self.read(VAULT)
        self.must(["set", "STRIPE_SECRET_KEY"], "sk_test_" + CANARY + "6\n")
        self.must(["unset", "STRIPE_SECRET_KEY"])
        self.write(VAULT, before)

    def make_fixable(self):
        self.enter("project")
        text = self.read("compose.yaml")
        self.write("compose.yaml", text.replace(":?make one with", ":?make one: with"))

    def make_sealed(self):
        self.enter("project")
        self.must(["age", "encrypt", "-r", "@recipient", "-o", "../sealed.age"], CANARY + "\n")


def difference(before, after):
    return sorted(
        path for path in set(before) | set(after) if before.get(path) != after.get(path)
    )


def is_memory(path):
    """What the machine remembers of vaults: the journal is ahead of the vault by design."""
    return path.startswith("home/.local")


def project_files(snapshot):
    return {path: entry for path, entry in snapshot.items() if not is_memory(path)}


def forms(secret):
    """A secret as it stands, and in base64 (at each offset) and hex."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    found = [raw, raw.hex().encode(), raw.hex().upper().encode()]
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        found.append(text[4 if shift else 0 : len(text) // 4 * 4 - 4])
    return found


def check_canary(scenario, done, before, after):
    """The secret is in nothing that was said or written, where it may not be."""
    said = done.stderr if scenario.prints else done.stdout + done.stderr
    allowed = {".env", "opened.txt"}
    for form in forms(CANARY):
        if form in said:
            raise Failure("the secret was printed")
        for path in difference(before, after):
            content = after.get(path, (0, None))[1]
            if content is not None and form in content and os.path.basename(path) not in allowed:
                raise Failure("the secret is in " + path)
