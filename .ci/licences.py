"""Refuses crates that cannot be shipped under MIT OR Apache-2.0.

Reads the licence expression of every crate that Cargo.lock resolves. Of
alternatives one must be free; of parts that all hold, each must be.
"""

import json
import re
import subprocess
import sys

# Copyleft that would reach our own code, and licences that are no open-source licences.
REFUSED = re.compile(r"^(A?GPL|LGPL|SSPL|BUSL|OSL|EUPL|CC-BY-NC|CC-BY-SA|Commons-Clause)", re.I)


def main():
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    problems = []
    for package in metadata["packages"]:
        name = f"{package['name']} {package['version']}"
        licence = package["license"]
        if not licence:
            problems.append(f"{name}: states no licence expression")
        elif not free(licence):
            problems.append(f"{name}: {licence}")
    for problem in sorted(problems):
        print(problem)
    print(f"{len(metadata['packages'])} crates, {len(problems)} with a licence that is refused")
    return 1 if problems else 0


def free(expression):
    """Whether an SPDX expression leaves a free choice."""
    words = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))
    value, rest = either(words)
    if rest:
        raise SystemExit(f"this licence expression cannot be read: {expression}")
    return value


def either(words):
    value, words = both(words)
    while words and words[0].upper() == "OR":
        other, words = both(words[1:])
        value = value or other
    return value, words


def both(words):
    value, words = single(words)
    while words and words[0].upper() == "AND":
        other, words = single(words[1:])
        value = value and other
    return value, words


def single(words):
    if words[0] == "(":
        value, words = either(words[1:])
        return value, words[1:]
    value, words = not REFUSED.match(words[0]), words[1:]
    # `GPL-2.0 WITH Classpath-exception-2.0`: an exception frees the code that links it.
    if words and words[0].upper() == "WITH":
        value, words = True, words[2:]
    return value, words


sys.exit(main())
