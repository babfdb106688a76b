"""Looks through the tracked files: no registry host, lock files that can be trusted.

A host in a lock file would bind every later installation to that host; which one
serves a package is a setting of the machine that installs.
"""

import json
import re
import subprocess
import sys

HOSTS = re.compile(
    rb"registry[.](npmjs|yarnpkg)|npmmirror[.]|pythonhosted[.]|//pypi[.]|//(static|index)[.]crates[.]"
    rb"|deb[.]debian[.]|proxy[.]golang[.]|//[^/\s]*(artifactory|nexus)[^/\s]*/"
    # A host inside a closed network, as a proxy of packages has one.
    rb"|https?://[a-z0-9.-]+[.](internal|local|lan|corp)[:/]"
)
CRATES = "registry+https://github.com/rust-lang/crates.io-index"
FONTS = (".ttf", ".otf", ".woff2", ".png", ".pdf")


def main():
    listed = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True).stdout
    problems = []
    for path in listed.decode().split("\0"):
        if not path or path.endswith(FONTS):
            continue
        try:
            with open(path, "rb") as file:
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            continue  # Deleted, and not committed yet.
        for number, line in enumerate(lines, 1):
            found = HOSTS.search(line)
            if found:
                problems.append(f"{path}:{number}: names a registry host ({found[0].decode()})")
    problems += cargo() + npm() + pip()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def cargo():
    with open("Cargo.lock", encoding="utf-8") as file:
        sources = set(re.findall(r'^source = "(.*)"$', file.read(), re.M))
    return [f"Cargo.lock: a package comes from {source}" for source in sorted(sources - {CRATES})]


def npm():
    path = "tests/browser/package-lock.json"
    with open(path, encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    problems = []
    for name, package in packages.items():
        if "resolved" in package:
            problems.append(f"{path}: {name} records where it was downloaded")
        if name and "integrity" not in package:
            problems.append(f"{path}: {name} has no digest")
    return problems


def pip():
    path = "tests/requirements.txt"
    with open(path, encoding="utf-8") as file:
        text = file.read().replace("\\\n", " ")
    problems = []
    for line in text.splitlines():
        line = line.strip()
        if line and not line.startswith("#") and not re.fullmatch(r"[\w.-]+==\S+(\s+--hash=sha256:[0-9a-f]{64})+", line):
            problems.append(f"{path}: not pinned with a digest: {line}")
    return problems


sys.exit(main())
