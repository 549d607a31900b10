"""Counts test results: results.py TALLY STAGE FILE...

A FILE that ends in .json is meson's testlog.json; any other is TAP, or the lines of a program that
ends in `N passed, M failed`. Failures are shown whole, skips with their reason, and the counts are
appended to the file TALLY as `STAGE PASSED FAILED SKIPPED`.
"""

import json
import re
import sys
from collections import Counter

SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?")
TAP = re.compile(r"^(not )?ok\b\s*\d*\s*-?\s*(.*)$")
PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*[Ss][Kk][Ii][Pp]\S*\s*(.*))?$")
SKIP = re.compile(r"#\s*skip\S*\s*(.*)$", re.IGNORECASE)
FAILED_RESULTS = ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS")


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.skips = []  # lines that say what and why

    def fail(self, name, text=""):
        self.failed += 1
        print(f"FAIL {name}")
        for line in text.strip().splitlines()[-60:]:
            print(f"  | {line}")

    def skip(self, name, reason, count=1):
        self.skipped += count
        times = f" ({count} times)" if count > 1 else ""
        self.skips.append(f"skip {name}{times}: {reason or 'no reason given'}")

    def read_tap(self, name, text):
        """Counts the lines of TAP; says whether there were any, and as many as were planned."""
        lines = text.splitlines()
        seen, planned = 0, None
        for at, line in enumerate(lines):
            plan, result = PLAN.match(line), TAP.match(line)
            if plan:
                planned = int(plan.group(1))
                if planned == 0:
                    self.skip(name, plan.group(2))
            if not result:
                continue
            seen += 1
            skip = SKIP.search(result.group(2))
            if skip:
                self.skip(f"{name}: {result.group(2)[:skip.start()].strip()}", skip.group(1))
            elif result.group(1):
                after = [l for l in lines[at + 1:at + 30]]
                stop = next((i for i, l in enumerate(after) if TAP.match(l)), len(after))
                self.fail(f"{name}: {result.group(2)}", "\n".join(after[:stop]))
            else:
                self.passed += 1
        return seen > 0 and (planned is None or planned == seen) or planned == 0

    def read_summary(self, name, text):
        """Counts the last `N passed, M failed`; False where there is none."""
        found = [m for m in map(SUMMARY.match, text.splitlines()) if m]
        if not found:
            return False
        passed, failed, skipped = (int(number or 0) for number in found[-1].groups())
        self.passed += passed
        if failed:
            self.fail(name, text)
            self.failed += failed - 1
        reasons = Counter(re.findall(r"^SKIP:?\s+(?:.*: )?(.*)$", text, re.MULTILINE))
        for reason, count in reasons.items():
            self.skip(name, reason, count)
        if skipped > reasons.total():
            self.skip(name, None, skipped - reasons.total())
        return True

    def read_meson(self, test):
        name, result, text = test["name"], test["result"], test.get("stdout") or ""
        errors = text + (test.get("stderr") or "")
        failed_before = self.failed
        if result == "SKIP" and not TAP.search(text):
            found = re.search(r"^(?:1\.\.0\s*#\s*)?SKIP:?\s*(.*)$", text, re.MULTILINE)
            self.skip(name, found and found.group(1))
        elif "1.." in text or re.search(r"^(not )?ok \d", text, re.MULTILINE):
            self.read_tap(name, text)
        elif not self.read_summary(name, text) and result in ("OK", "EXPECTEDFAIL"):
            self.passed += 1
        # Also where every line was fine: a crash behind the last one, a plan not kept.
        if result in FAILED_RESULTS and self.failed == failed_before:
            self.fail(f"{name} ({result.lower()})", errors)


def main():
    path, stage, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    tally = Tally()
    for file in files:
        try:
            with open(file, encoding="utf-8", errors="replace") as opened:
                text = opened.read()
        except OSError as error:
            tally.fail(f"{stage}: {error}")
            continue
        if file.endswith(".json"):
            for line in text.splitlines():
                tally.read_meson(json.loads(line))
        elif not tally.read_summary(stage, text) and not tally.read_tap(stage, text):
            tally.fail(f"{stage}: {file} is not whole", text)
    if files and tally.passed + tally.failed + tally.skipped == 0:
        tally.fail(f"{stage}: nothing ran")
    for line in tally.skips:
        print(line)
    skipped = f", {tally.skipped} skipped" if tally.skipped else ""
    print(f"{stage}: {tally.passed} passed, {tally.failed} failed{skipped}")
    with open(path, "a", encoding="utf-8") as opened:
        opened.write(f"{tally.passed} {tally.failed} {tally.skipped} {stage}\n")


main()
