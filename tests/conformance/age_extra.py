#!/usr/bin/python3
"""age_extra.py FOLDER PROGRAM: files and plugin transcripts that age itself made, against PROGRAM.

FOLDER holds encrypted identity files, a post-quantum file and what age said to age-plugin-batchpass
and that to it (AGEDEBUG=plugin), both directions as they came. A plugin of the test plays its part of
a transcript and compares what bulla says with age's part. Prints "FAIL ID: why" and the counts.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

PASSPHRASE = "correct horse"
PLUGIN_IDENTITY = "AGE-PLUGIN-BATCHPASS-1JCS0Q9\n"

PLAYER = '''#!/usr/bin/python3
import sys

def receive():
    words = sys.stdin.readline().rstrip("\\n").split(" ")[1:]
    body = []
    while True:
        body.append(sys.stdin.readline().rstrip("\\n"))
        if len(body[-1]) < 64:
            return words, body

def expect(words, body):
    got_words, got_body = receive()
    # A file key is another in each run.
    if got_words != words or (got_body != body and words != ["wrap-file-key"]):
        sys.exit(f"{got_words} {got_body} where age said {words} {body}")

told, answered = PART
for words, body in told:
    expect(words, body)
for (words, body), (reply, reply_body) in answered:
    sys.stdout.write("\\n".join(["-> " + " ".join(words)] + body) + "\\n")
    sys.stdout.flush()
    if reply is not None:
        expect(reply, reply_body)
open(LOG, "w").write("played")
'''


def messages(path):
    """The transcript's messages: words and body lines."""
    lines = path.read_text(encoding="ascii").split("\n")
    found = []
    while lines and lines[0].startswith("-> "):
        words, body = lines.pop(0)[3:].split(" "), []
        while True:
            body.append(lines.pop(0))
            if len(body[-1]) < 64:
                break
        found.append((words, body))
    return found


def split(found):
    """(what the client tells first, [(what the plugin says, the client's reply)])."""
    end = next(i for i, (words, _) in enumerate(found) if words == ["done"])
    told = [message for message in found[:end + 1] if not message[0][0].startswith("grease")]
    talk, rest = [], found[end + 1:]
    while rest:
        said = rest.pop(0)
        replied = rest.pop(0) if said[0] != ["done"] else (None, None)
        talk.append((said, replied))
    return told, talk


class Bench:
    def __init__(self, folder, program, work):
        self.folder, self.program, self.work = folder, program, work
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}

    def run(self, *args, **more):
        env = {"PATH": f"{self.work}:/usr/bin:/bin", "HOME": str(self.work)}
        return subprocess.run([self.program, *args], env=env, cwd=self.work, capture_output=True,
                              check=False, **more)

    def report(self, name, why):
        self.counts["passed" if why is None else "failed"] += 1
        if why is not None:
            print(f"FAIL {name}: {why}")

    def encrypted_identity(self, name):
        (self.work / "words").write_text(PASSPHRASE + "\n")
        (self.work / "words").chmod(0o600)
        done = self.run("age", "decrypt", "--passphrase-file", "words", self.folder / name)
        same = done.stdout == (self.folder / "identity.txt").read_bytes()
        self.report(name, None if same else done.stderr.decode())

    def post_quantum(self):
        done = self.run("age", "decrypt", "-i", self.folder / "identity_pq.txt", self.folder / "pq.age")
        if b"no ML-KEM" in done.stderr:
            self.counts["skipped"] += 1
            print("SKIP pq.age: this build has no ML-KEM")
            return
        self.report("pq.age", None if done.stdout == b"hybrid payload\n" else done.stderr.decode())

    def for_others(self, name):
        done = self.run("age", "decrypt", "-i", self.folder / "identity.txt", self.folder / name)
        self.report(name, None if done.returncode == 4 else f"{done.returncode} {done.stderr}")

    def play(self, transcript, *args):
        """Runs PROGRAM with a plugin that plays TRANSCRIPT; its output, or None and why."""
        log = self.work / "played"
        log.unlink(missing_ok=True)
        part = split(messages(self.folder / transcript))
        player = self.work / "age-plugin-batchpass"
        player.write_text(PLAYER.replace("PART", repr(part)).replace("LOG", repr(str(log))))
        player.chmod(0o700)
        (self.work / "plugin.key").write_text(PLUGIN_IDENTITY)
        (self.work / "plugin.key").chmod(0o600)
        done = self.run("age", *args, "-i", "plugin.key")
        if done.returncode == 0 and log.exists():
            return done.stdout, None
        return None, done.stderr.decode()

    def transcripts(self):
        text, why = self.play("plugin_identity_v1.transcript", "decrypt", self.folder / "plug.age")
        self.report("plugin_identity_v1.transcript", why or (None if text else "no text"))
        name = "plugin_recipient_v1.transcript"
        made, why = self.play(name, "encrypt", "words")
        (words, body), = [message for message in messages(self.folder / name)
                          if message[0][0] == "recipient-stanza"]
        stanza = "\n".join(["-> " + " ".join(words[2:])] + body) + "\n"
        if made is not None and not made.startswith(b"age-encryption.org/v1\n" + stanza.encode()):
            why = "another stanza than the plugin's"
        self.report(name, why)


def main():
    folder, program = pathlib.Path(sys.argv[1]).resolve(), os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(folder, program, pathlib.Path(work))
        for path in sorted(folder.glob("encrypted_identity*.age")):
            bench.encrypted_identity(path.name)
        bench.post_quantum()
        for path in sorted(folder.glob("tag*.age")):
            bench.for_others(path.name)
        bench.transcripts()
    print(", ".join(f"{count} {what}" for what, count in bench.counts.items()))
    return 1 if bench.counts["failed"] or not bench.counts["passed"] else 0


sys.exit(main())
