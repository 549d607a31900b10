#!/usr/bin/env python3
"""differential.py COMPOSE DUMP [--seed N] [--count N] [--keep FOLDER] [--compose 2|5] [--corpus FOLDER]

Generates projects that use everything Compose's files and env files have, runs Docker Compose's
`config --format json` and the library's model_dump on each, and compares: accepted or refused, every
value, the error, and the warnings (as a multiset: mappings are walked in random order); and check has
to find an error where Compose refuses, and none that says so where it does not. With
--corpus the projects are the folders below FOLDER instead. Prints what differs and a summary; exit 1
where anything does.
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

NAMES = ["A", "B", "C1", "DB_PASSWORD", "_x", "HOST", "PORT", "EMPTY", "lower", "NOPE", "UNSET"]
WORDS = ["x", "web", "10", "8080", "true", "a b", "a=b", "1.5", "p$q", "it's", '"q"', "#h", "a #b",
         "ü", "\\n", "{}", "}", "{", ":", "a:b", "", "64m", "30s", "-1", "0", "yes", "null", "~"]


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.files = {}
        self.env = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}
        self.args = []

    def pick(self, *choices):
        return self.r.choice(choices)

    def chance(self, p):
        return self.r.random() < p

    # --- texts with references -----------------------------------------------------------------

    def name(self):
        return self.r.choice(NAMES)

    def operand(self, depth):
        parts = []
        for _ in range(self.r.randint(0, 2)):
            if depth < 3 and self.chance(0.35):
                parts.append(self.reference(depth + 1))
            else:
                parts.append(self.pick("d", "e f", "1", "{x}", "$$", "$", "\\", self.pick("{}", "}", "{") if self.chance(0.25) else "w", "-", ":?", "?", "'", "ü"))
        return "".join(parts)

    def reference(self, depth=0):
        n = self.name()
        form = self.r.random()
        if form < 0.12:
            return "$" + n
        if form < 0.35:
            return "${" + n + "}"
        if form < 0.72:
            return "${" + n + self.pick(":-", "-") + self.operand(depth) + "}"
        if form < 0.86:
            return "${" + n + self.pick(":+", "+") + self.operand(depth) + "}"
        if form < 0.9:
            return "${" + self.pick("A", "B", n if self.chance(0.1) else "A") + self.pick(":?", "?") + self.operand(depth) + "}"
        if self.chance(0.8):
            return self.pick("$$", "$$" + n, "$1", "$.", "$$$" + n, "\\$" + n)
        return self.pick("$$", "$$" + n, "$1", "$", "$$$" + n, "${" + n + "/a}", "${}", "$(x)", "${ A}", "$.", "\\$" + n)

    def text(self, plain=0.5):
        if self.chance(plain):
            return self.r.choice(["x", "web", "nginx:1", "a b", "v1.2", "ü", "1", "true", "a=b", "a:b"])
        return "".join(self.pick("", "a", "-", " ", "b ") if self.chance(0.5) else self.reference()
                       for _ in range(self.r.randint(1, 3)))

    def safe(self):
        """A text whose references are always satisfied, for places that are strict."""
        return self.pick("x", "y", "${A:-x}", "${UNSET:-z}", "${B-b}", "w${UNSET:+no}", "${C1:-c}")

    # --- scalars as YAML -----------------------------------------------------------------------

    def scalar(self, text, flow=False):
        forms = ["double"]
        if "\n" not in text and "\r" not in text:
            forms.append("single")
        if (re.fullmatch(r"[A-Za-z$_/][^\n]*", text) and ": " not in text and " #" not in text and text == text.strip()
                and not text.endswith(":") and not (flow and re.search(r"[\[\]{},]", text))
                and text not in ("true", "false", "null", "yes", "no")):
            forms += ["plain", "plain"]
        form = self.r.choice(forms)
        if form == "plain":
            return text
        if form == "single":
            return "'" + text.replace("'", "''") + "'"
        out = []
        for c in text:
            if c in '"\\':
                out.append("\\" + c)
            elif c == "\n":
                out.append("\\n")
            elif c == "\r":
                out.append("\\r")
            elif c == "\t":
                out.append("\\t")
            elif c == "$" and self.chance(0.1):
                out.append("\\x24")
            else:
                out.append(c)
        return '"' + "".join(out) + '"'

    def block(self, text, indent):
        style = self.pick("|", ">", "|-", ">-")
        lines = (text + self.pick("", "\nb", "\n\nc")).split("\n")
        return style + "\n" + "\n".join((indent + "  " + l) if l else "" for l in lines)

    # --- YAML from values ----------------------------------------------------------------------

    def dump(self, value, indent="", flow=False):
        if isinstance(value, Raw):
            return value.text
        if isinstance(value, dict):
            if not value:
                return "{}"
            if flow or (indent and self.chance(0.12) and all(isinstance(v, (str, int, bool, float)) for v in value.values())):
                return "{" + ", ".join(self.scalar(str(k), True) + ": " + self.dump(v, indent, True) for k, v in value.items()) + "}"
            lines = []
            for k, v in value.items():
                key = k.text if isinstance(k, Raw) else self.key(k)
                lines.append(indent + key + ":" + self.after(v, indent))
            return "\n".join(lines)
        if isinstance(value, list):
            if not value:
                return "[]"
            if flow or (self.chance(0.3) and all(isinstance(v, (str, int, float)) for v in value)):
                return "[" + ", ".join(self.dump(v, indent, True) for v in value) + "]"
            return "\n".join(indent + "-" + self.after(v, indent) for v in value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if value is None:
            return self.pick("", "null", "~") if not flow else "null"
        if isinstance(value, (int, float)):
            return str(value)
        if not flow and indent and self.chance(0.08) and "\r" not in value and value.strip() and " " in value:
            return self.block(value, indent)
        return self.scalar(value, flow)

    def key(self, k):
        return k if re.fullmatch(r"[A-Za-z0-9_.-]+", k) and not re.fullmatch(r"[0-9.]+|true|false|null", k) else '"' + k.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def after(self, v, indent):
        text = self.dump(v, indent + "  ")
        tag = ""
        if isinstance(v, (dict, list)) and v and not text.startswith(("{", "[")):
            return tag + "\n" + text
        return tag + (" " + text if text else "")

    # --- compose -------------------------------------------------------------------------------

    def environment(self):
        keys = [self.pick("A", "E1", "E2", "B", "X Y", "K.k", "NOPE", "PASS") for _ in range(self.r.randint(1, 4))]
        keys = list(dict.fromkeys(k for k in keys if k != "X Y"))
        if self.chance(0.5):
            return {k: self.pick(self.text(), self.text(), None, 5, True, 1.5, self.text(0.2), Raw(self.pick("0777", "0x1F", "1_000", "1e3", "yes", "08", "+5", "-0", "0o17", ".5", "1e400", "12345678901234567890", "!!str 5", "!foo 5", "!!binary aGk=", "0b11", "NULL", "No", ".inf"))) for k in keys}
        return list(dict.fromkeys(k + ("=" + self.text() if self.chance(0.8) else "") for k in keys))

    def ports(self):
        out = []
        for i in range(self.r.randint(1, 3)):
            base = 1000 * (i + 1) + self.r.randint(0, 50)
            out.append(self.pick(str(base), base, "%d:80" % base, "127.0.0.1:%d:%d" % (base, base), "%d-%d:90-92" % (base, base + 2),
                                 "%d:53/udp" % base, "${PORT:-%d}:80" % base, "[::1]:%d:80" % base, "%d-%d:80" % (base, base + 1),
                                 {"target": base, "published": self.pick("81", "82"), "protocol": "tcp"},
                                 {"target": "${UNSET:-%d}" % base, "host_ip": "127.0.0.1"}))
        return out

    def volumes(self):
        out = []
        for i in range(self.r.randint(1, 3)):
            t = "/t%d" % i
            out.append(self.pick("data:" + t, "./src:" + t, "../up/x:%s:ro" % t, "${UNSET:-/abs}:" + t, t, "data:%s:nocopy" % t,
                                 "./a:%s:z,ro" % t, "~/h:" + t, {"type": "bind", "source": "./b", "target": t},
                                 {"type": "volume", "source": "data", "target": t + "/", "read_only": "${UNSET:-true}"},
                                 {"type": "tmpfs", "target": t, "tmpfs": {"size": self.pick("64m", 1024)}},
                                 {"type": "bind", "source": "${UNSET:-.}/q", "target": t, "bind": {"propagation": "shared"}}))
        return out

    def command(self):
        return self.pick(self.text(), "sh -c 'echo \"a b\" $$HOME'", ["sh", "-c", self.text()], "a 'b c' d\\ e", "run ${A:-x} --y=\"${B-}\"",
                         "", [], None, "a; b", self.pick("a `b` c", "x $(y) z", "'open", "x > y", "a)b") if self.chance(0.2) else "c")

    def service(self, names):
        s = {}
        if self.chance(0.92):
            s["image"] = self.pick(self.safe(), self.safe(), self.text())
        else:
            s["build"] = self.pick(".", "./ctx", {"context": self.safe(), "args": self.environment(), "target": self.safe()},
                                   {"context": ".", "dockerfile_inline": "FROM x\nARG Y=" + self.safe()},
                                   {"dockerfile": "D.${UNSET:-f}", "labels": ["a=b", "c"], "shm_size": "64m", "tags": ["${A:-t}:1"]})
        options = {
            "environment": self.environment, "command": self.command, "entrypoint": self.command, "ports": self.ports,
            "volumes": self.volumes,
            "labels": lambda: self.pick({"l.a": self.text(), "l.b": 3, "${A:-key}": "v", "n": None}, ["l.a=" + self.text(), "l.c", "l.d=" + self.safe()]),
            "env_file": lambda: self.pick("e1.env", ["e1.env", "e2.env"], [{"path": "e2.env", "required": self.pick(False, True)}, "${UNSET:-e1.env}"],
                                          [{"path": "missing.env", "required": False}], [{"path": "e1.env", "format": "raw"}], "missing.env" if self.chance(0.04) else "e1.env"),
            "label_file": lambda: self.pick("l1.env", ["l1.env"]),
            "profiles": lambda: self.pick(["dev"], ["prod", "dev"], ["${UNSET:-dev}"]),
            "depends_on": lambda: self.pick([self.r.choice(names)], {self.r.choice(names): {"condition": self.pick("service_started", "service_healthy"), "required": self.pick(True, False)}}),
            "scale": lambda: self.pick(2, "${UNSET:-3}", "${C1:-1}"),
            "privileged": lambda: self.pick(True, "${UNSET:-false}", "yes", "${A:-on}"),
            "init": lambda: self.pick(True, False, "${UNSET:-true}"),
            "cpus": lambda: self.pick(0.5, "0.25", "${UNSET:-1.5}", 2),
            "mem_limit": lambda: self.pick("64m", "1g", 1048576, "${UNSET:-128M}", "2.5gb"),
            "shm_size": lambda: self.pick("1kb", "12b", "1 gb"),
            "pids_limit": lambda: self.pick(100, "${UNSET:-50}", -1),
            "hostname": self.safe, "domainname": self.text, "user": lambda: self.pick("1000:1000", self.safe()),
            "working_dir": lambda: self.pick("/w", "${UNSET:-/x}"), "container_name": lambda: "c" + str(self.r.randint(0, 99999)),
            "restart": lambda: self.pick("always", "no", "${UNSET:-on-failure:3}"),
            "healthcheck": lambda: self.pick({"test": ["CMD", "x", self.safe()], "interval": self.pick("30s", "1m30s", "${UNSET:-5s}"), "retries": self.pick(3, "${UNSET:-4}")},
                                             {"test": "curl " + self.safe(), "timeout": "1500ms"}, {"disable": True}),
            "extra_hosts": lambda: self.pick(["a=1.1.1.1", "b:2.2.2.2"], {"h": "3.3.3.3", "i": ["4.4.4.4", "::1"]}, ["${UNSET:-h}:5.5.5.5"]),
            "dns": lambda: self.pick("1.1.1.1", ["1.1.1.1", "${EMPTY:-8.8.8.8}"]), "dns_search": lambda: self.pick("a.b", ["c.d"]),
            "cap_add": lambda: ["NET_ADMIN", "${UNSET:-SYS}"], "tmpfs": lambda: self.pick("/run", ["/tmp:size=1m", "/run"]),
            "sysctls": lambda: self.pick({"net.core.x": 1024}, ["a.b=1"]),
            "ulimits": lambda: self.pick({"nproc": 65535}, {"nofile": {"soft": 20, "hard": "${UNSET:-40}"}}),
            "expose": lambda: self.pick(["80", 81], ["${UNSET:-82}"]), "stop_grace_period": lambda: self.pick("1m", "${UNSET:-10s}", "1h5m"),
            "logging": lambda: {"driver": "json-file", "options": {"max-size": "1m", "n": self.pick(1, self.safe())}},
            "networks": lambda: self.pick(["front"], ["front", "back"], {"front": {"aliases": [self.safe()]}, "back": None}),
            "secrets": lambda: self.pick(["s1"], [{"source": "s1", "target": "t", "mode": self.pick("0440", 256)}, "s2"]),
            "configs": lambda: self.pick(["c1"], [{"source": "c1", "target": "/c"}]),
            "deploy": lambda: {"replicas": self.pick(1, "${UNSET:-2}"), "resources": {"limits": {"memory": "64m", "cpus": self.pick("0.5", 1)}}, "labels": self.pick(["a=b"], {"a": self.safe()})},
            "links": lambda: [self.r.choice(names)], "devices": lambda: ["/dev/a:/dev/b", "/dev/c"],
            "x-any": lambda: {"z": [self.text()], "y": self.text()}, "platform": lambda: "linux/amd64", "read_only": lambda: self.pick(True, "${UNSET:-n}"),
            "tty": lambda: self.pick(True, "Y"), "annotations": lambda: {"a": self.text()}, "group_add": lambda: ["1", 2],
            "network_mode": lambda: self.pick("host", "service:" + self.r.choice(names)), "pull_policy": lambda: self.pick("always", "if_not_present"),
        }
        keys = self.r.sample(sorted(options), self.r.randint(0, 5))
        if self.chance(0.4) and "environment" not in keys:
            keys.append("environment")
        for k in keys:
            if k in ("network_mode",) and self.chance(0.8):
                continue
            s[k] = options[k]()
        if "network_mode" in s:
            s.pop("networks", None)
        if self.chance(0.02):
            s[self.pick("imagee", "enviroment")] = "x"
        if self.chance(0.02):
            s["image"] = self.pick(5, ["x"], {"a": "b"}, True)
        return s

    def compose(self, names, main, extra=None):
        services = {n: self.service(names) for n in names if main or self.chance(0.6)}
        doc = {}
        if main and self.chance(0.2):
            doc["name"] = self.pick("proj", "Proj X", "${UNSET:-p1}", "p-${A:-a}")
        if self.chance(0.1):
            doc["version"] = "3.8"
        if self.chance(0.2):
            doc["x-common"] = Raw(self.pick("&c\n  restart: always\n  labels: {cl: \"" + self.safe() + "\"}", "&c {hostname: \"${A:-h}\", init: true}"))
            doc["x-other"] = Raw("&o {restart: 'no', stop_signal: SIGINT, labels: {ol: 1}}")
            for n in list(services):
                if self.chance(0.5):
                    merged = {Raw("<<"): Raw(self.pick("*c", "*c", "[*c, *o]", "[*o, *c]", "{user: m}"))}
                    merged.update(services[n])
                    services[n] = merged
        if self.chance(0.2) and len(services) > 1:
            a, b = self.r.sample(sorted(services), 2)
            services[a]["extends"] = self.pick(b, {"service": b})
        if main and self.chance(0.12) and services:
            services[self.r.choice(sorted(services))]["extends"] = {"file": "ext/base.yaml", "service": self.pick("base", "other")}
            self.files["ext/base.yaml"] = self.dump({"services": {"base": self.service(["base"]), "other": self.service(["base"])}}) + "\n"
        if not main and services:
            for s in services.values():
                for k in list(s):
                    if isinstance(k, str) and k not in ("image", "extends") and self.chance(0.1):
                        s[k] = Raw("!reset null") if self.chance(0.6) else self.override(s[k])
        doc["services"] = services
        if extra:
            doc.update(extra)
        return doc

    def override(self, value):
        if isinstance(value, (dict, list)) and value:
            return Raw("!override " + self.dump(value, "", True)) if not any(isinstance(v, (dict, list, Raw)) for v in (value.values() if isinstance(value, dict) else value)) else value
        return value

    def resources(self):
        return {
            "volumes": {"data": self.pick(None, {"driver": "local"}, {"labels": ["a=b"]}, {"name": self.safe()}, {"external": self.pick(True, "${UNSET:-true}")})},
            "networks": {"front": self.pick(None, {"driver": "bridge", "internal": self.pick(True, "${UNSET:-false}")}), "back": self.pick(None, {"external": True, "name": self.safe()}, {"ipam": {"config": [{"subnet": "10.0.0.0/8"}]}})},
            "secrets": {"s1": self.pick({"file": "./s1.txt"}, {"environment": self.name()}, {"file": "${UNSET:-s}/x"}), "s2": {"environment": "DB_PASSWORD"}},
            "configs": {"c1": self.pick({"content": self.text()}, {"file": "./c1"}, {"environment": "A"})},
        }

    def env_value(self):
        return self.pick("v", "a b", "'s q'", '"d q"', '"$A"', "${A:-x}", "'$A'", '"a\\nb"', '"a\\"b"', "x #c", "x#c", '"multi\nline"', "$$x", "\\$A", " lead", "", '"\\$A"',
                         "${B-}", "$UNSET", '"${C1:+y}"', "'it\\'s'", "\"\\0101\"", "ü", "a\tb", "${A:?}" if self.chance(0.1) else "z", "a\\", "`id`", '"a" # c', "\u00a0n\u00a0", "l\u2028s", "v\x0bt", "c\rr", '"c\rr"', '"\\a\\x41\\0"', "\ufeff", "{\"k\":\"v\"}")

    def env_file(self, lines=None):
        out = []
        for _ in range(lines if lines is not None else self.r.randint(0, 6)):
            form = self.r.random()
            k = self.name()
            if form < 0.75:
                out.append(self.pick("", "", "export ") + k + self.pick("=", "=", "= ", ": ", " =") + self.env_value())
            elif form < 0.85:
                out.append(self.pick("# c", "", "  # d", "\t"))
            elif form < 0.93:
                out.append(k)
            else:
                out.append(self.pick("a.b=1", "x-y=2", "1A=3", "A B=4" if self.chance(0.2) else "é=5", "=6" if self.chance(0.3) else "_=7", "A='1' C1=2",
                                     'A="open' if self.chance(0.1) else "A=1", "[k]=1"))
        bom = "\ufeff" if self.chance(0.03) else ""
        return bom + "\n".join(out) + self.pick("\n", "\n", "", "\r\n")

    def raw_env(self):
        return "".join(self.pick("A=\"q\" # c\n", " B= lead \n", "# c\n", "HOST\n", "C1=$A\n", "NOPE\n", "\n", "E=a=b\r\n") for _ in range(self.r.randint(1, 4)))

    def project(self):
        for n in set(self.r.sample(NAMES[:-2], self.r.randint(0, 6))) | (set(["A", "B"]) if self.chance(0.7) else set()):
            self.env[n] = "" if n == "EMPTY" else self.pick("v", "w x", "8081", "a'b", "$A", "true", "3") if n != "PORT" else "8080"
        names = self.r.sample(["web", "db", "api", "job.x", "a-b"], self.r.randint(1, 4))
        main = self.compose(names, True, self.resources() if self.chance(0.95) else None)
        if self.chance(0.15):
            inc = {"services": {"inc": self.service(["inc"])}, **self.resources()} if self.chance(0.5) else {"services": {"inc": {"image": "i${A:-0}${B-}", "environment": self.environment()}}}
            inc.pop("volumes", None); inc.pop("networks", None); inc.pop("secrets", None); inc.pop("configs", None)
            inc["services"]["inc"] = {k: v for k, v in inc["services"]["inc"].items() if k not in ("volumes", "secrets", "configs", "networks", "env_file", "label_file")}
            self.files["inc/compose.yaml"] = self.dump(inc) + "\n"
            main["include"] = self.pick(["inc/compose.yaml"], [{"path": "inc/compose.yaml"}], [{"path": ["inc/compose.yaml"], "env_file": "i.env"}], [{"path": "inc/compose.yaml", "project_directory": "."}])
            if self.chance(0.6):
                self.files["inc/.env"] = self.env_file()
            self.files["i.env"] = self.env_file(2)
        base = self.pick("compose.yaml", "compose.yaml", "docker-compose.yml", "compose.yml")
        text = self.dump(main) + "\n"
        if self.chance(0.08):
            text += "---\n" + self.dump(self.compose(names, False)) + "\n"
        if self.chance(0.01):
            text += "---\n"
        if self.chance(0.04):
            text = text.replace("\n", "\r\n")
        if self.chance(0.03):
            text = "\ufeff" + text
        self.files[base] = text
        if self.chance(0.25):
            self.files["compose.override.yaml"] = self.dump(self.compose(names, False)) + "\n"
        if self.chance(0.2):
            self.files["b.yaml"] = self.dump(self.compose(names, False)) + "\n"
            how = self.r.random()
            if how < 0.5:
                self.args += ["-f", base, "-f", "b.yaml"]
            elif how < 0.75:
                self.env["COMPOSE_FILE"] = base + ":b.yaml"
            else:
                self.files[".env"] = "COMPOSE_FILE=" + base + ",b.yaml\nCOMPOSE_PATH_SEPARATOR=,\n"
        if self.chance(0.6):
            self.files[".env"] = self.files.get(".env", "") + self.env_file()
        if self.chance(0.1):
            self.files["x.env"] = self.env_file()
            self.files["y.env"] = self.env_file()
            if self.chance(0.5):
                self.args += ["--env-file", "x.env", "--env-file", "y.env"]
            else:
                self.env["COMPOSE_ENV_FILES"] = "x.env,y.env"
        self.files["e1.env"] = self.raw_env() if self.chance(0.1) else self.env_file()
        self.files["e2.env"] = self.env_file()
        self.files["l1.env"] = self.env_file(3)
        if self.chance(0.15):
            self.args += ["--profile", self.pick("dev", "prod", "*")]
        elif self.chance(0.1):
            self.env["COMPOSE_PROFILES"] = self.pick("dev", " dev , x", "*")
        if self.chance(0.08):
            self.args += ["-p", self.pick("given", "Bad Name")]
        elif self.chance(0.08):
            self.env["COMPOSE_PROJECT_NAME"] = self.pick("fromenv", "Bad", "")
        if self.chance(0.05):
            self.env["COMPOSE_DISABLE_ENV_FILE"] = self.pick("1", "0", "yes", "")
        if self.chance(0.1):
            self.env["PWD"] = "/elsewhere"
        if self.chance(0.05):
            self.args += ["--project-directory", self.pick(".", "sub")]
        cwd = "."
        if self.chance(0.06) and "-f" not in self.args and "COMPOSE_FILE" not in self.env and "--env-file" not in self.args and "COMPOSE_ENV_FILES" not in self.env:
            cwd = "sub"
            if self.chance(0.7):
                self.files["sub/.env"] = self.env_file()
        return cwd


class Raw:
    def __init__(self, text):
        self.text = text

    def __hash__(self):
        return hash(self.text)

    def __eq__(self, other):
        return isinstance(other, Raw) and other.text == self.text


# --- running and comparing ---------------------------------------------------------------------------

def split_warnings(stderr):
    warnings, rest = [], []
    for line in stderr.decode("utf-8", "replace").split("\n"):
        m = re.match(r'time="[^"]*" level=warning msg=("(?:[^"\\]|\\.)*"|\S+)$', line)
        if m:
            raw = m.group(1)
            warnings.append(json.loads(re.sub(r"\\x(..)", r"\\u00\1", raw)) if raw.startswith('"') else raw)
        else:
            rest.append(line)
    return warnings, "\n".join(rest).strip("\n")


def run_compose(compose, args, cwd, env):
    p = subprocess.run([compose, *args, "config", "--format", "json"], cwd=cwd, env=env, capture_output=True, timeout=600)
    warnings, rest = split_warnings(p.stderr)
    if p.returncode != 0:
        return None, rest, warnings
    return json.loads(p.stdout.replace(b"$$", b"$").decode("utf-8", "replace")), rest, warnings


def run_dump(dump, line, args, cwd, env):
    p = subprocess.run([dump, "--compose", line, *args], cwd=cwd, env=env, capture_output=True, timeout=600)
    if p.returncode != 0:
        return None, ["(no answer: %s)" % p.stderr.decode("utf-8", "replace")[-400:]], [], [], 0
    out = json.loads(p.stdout)
    return out.get("model"), out["errors"], out["warnings"], out["fatal"], out["error_count"]


def same(a, b, path, out):
    if isinstance(a, dict) and isinstance(b, dict):
        for k in sorted(set(a) | set(b)):
            if k not in a:
                out.append("%s.%s: only ours: %r" % (path, k, b[k]))
            elif k not in b:
                out.append("%s.%s: only Compose's: %r" % (path, k, a[k]))
            else:
                same(a[k], b[k], path + "." + k, out)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            same(x, y, "%s[%d]" % (path, i), out)
    elif isinstance(a, float) or isinstance(b, float):
        if not (isinstance(a, (int, float)) and isinstance(b, (int, float)) and abs(a - b) <= 1e-6 * max(1, abs(a))):
            out.append("%s: %r, ours %r" % (path, a, b))
    elif a != b or isinstance(a, bool) != isinstance(b, bool):
        out.append("%s: %r, ours %r" % (path, a, b))


YAML_TEXT = re.compile(r"^(yaml: |go-yaml )|: yaml: construct errors|^failed to parse .*: line \d|^failed to parse .*: yaml:")


def compare(theirs, ours):
    model, error, warnings = theirs
    our_model, our_errors, our_warnings, fatal, error_count = ours
    out = []
    if model is not None and fatal:
        out.append("Compose takes it, and check says that it does not: %r" % fatal)
    elif model is None and not error_count:
        out.append("check finds no error, but Compose says %r" % error)
    if (model is None) != (our_model is None):
        return ["accepted" if model is not None else "refused: %r" % error,
                "ours: " + ("accepted" if our_model is not None else "refused: %r" % our_errors)]
    if model is None:
        text = error.strip()
        if YAML_TEXT.search(text) or any(e.startswith("yaml: ") for e in our_errors):
            return out
        if text.startswith("decoding failed") and sorted(text.split("\n")) in [sorted(e.split("\n")) for e in our_errors]:
            return out
        if text not in [e.strip() for e in our_errors]:
            return ["error %r" % text, "ours %r" % our_errors]
        return out
    same(model, our_model, "", out)
    if collections.Counter(warnings) != collections.Counter(our_warnings):
        out.append("warnings %r" % (collections.Counter(warnings) - collections.Counter(our_warnings)))
        out.append("only ours %r" % (collections.Counter(our_warnings) - collections.Counter(warnings)))
    return out


def compare_again(options, line, args, cwd, env, tries=48):
    """What differs in every one of several runs: Compose walks mappings in random order."""
    ours = run_dump(options.dump, line, args, cwd, env)
    first = None
    for i in range(tries):
        theirs = run_compose(options.compose, args, cwd, env)
        found = compare(theirs, ours)
        if not found:
            return theirs, [], i > 0
        first = first or (theirs, found)
    return first[0], first[1], False


def write(root, files):
    for name, text in files.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(text.encode("utf-8", "surrogateescape"))
    os.makedirs(os.path.join(root, "sub"), exist_ok=True)


def show(label, found, root):
    print("== %s%s" % (label, "" if not root else " (" + root + ")"))
    for line in found[:8]:
        print("   " + line[:600])
    sys.stdout.flush()


def run_generated(options, line):
    differ = refused = chance = 0
    for i in range(options.count):
        seed = options.seed + i
        g = Generator(seed)
        cwd = g.project()
        root = tempfile.mkdtemp(prefix="bulla-diff-")
        write(root, g.files)
        here = os.path.join(root, cwd)
        theirs, found, again = compare_again(options, line, g.args, here, g.env)
        refused += theirs[0] is None
        chance += again
        if found:
            differ += 1
            kept = None
            if options.keep:
                kept = os.path.join(options.keep, str(seed))
                shutil.copytree(root, kept, dirs_exist_ok=True)
                with open(os.path.join(kept, "run.json"), "w") as f:
                    json.dump({"args": g.args, "env": g.env, "cwd": cwd}, f)
            show("seed %d" % seed, found, kept)
        shutil.rmtree(root)
        if (i + 1) % 1000 == 0:
            print("%d projects so far" % (i + 1), flush=True)
    print("%d projects, %d of them refused by Compose, %d whose outcome is left to chance, %d differ" % (options.count, refused, chance, differ))
    return differ == 0


def run_corpus(options, line):
    env = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}
    count = refused = differ = 0
    for folder, _, files in sorted(os.walk(options.corpus)):
        wanted = [f for f in sorted(files) if re.search(r"\.ya?ml$", f)]
        for name in wanted:
            args = ["-p", "corpus", "-f", name]
            theirs, found, _ = compare_again(options, line, args, folder, env, 3)
            count += 1
            refused += theirs[0] is None
            if found:
                differ += 1
                show(os.path.join(folder, name), found, None)
    print("%d files, %d of them refused by Compose, %d differ" % (count, refused, differ))
    return differ == 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("compose")
    p.add_argument("dump")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--count", type=int, default=200)
    p.add_argument("--keep")
    p.add_argument("--corpus")
    options = p.parse_args()
    options.compose = os.path.abspath(options.compose)
    options.dump = os.path.abspath(options.dump)
    version = subprocess.run([options.compose, "version"], capture_output=True, text=True).stdout
    m = re.search(r"version v?(\d+)\.(\d+)\.(\d+)", version)
    if not m:
        sys.exit("differential.py: %s does not say which version it is" % options.compose)
    # Operands are evaluated only where they are used since 5.0.2.
    line = "5" if tuple(map(int, m.groups())) >= (5, 0, 2) else "2"
    print("Docker Compose %s: compared as --compose %s" % (".".join(m.groups()), line))
    ok = run_corpus(options, line) if options.corpus else run_generated(options, line)
    sys.exit(0 if ok else 1)


main()
