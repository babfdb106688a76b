#!/usr/bin/env python3
"""Checks an evidence bundle of Shodo, offline.

    python3 verify.py BUNDLE.zip [--key FINGERPRINT] [--checkpoint FILE ...]

Needs Python 3.8 or later and the command `openssl` 1.1.1 or later; nothing else.
Written independently of the program that makes bundles: it shares no code with it.
Prints one line for each thing that does not hold. Exit status: 0 when all holds,
1 when something does not, 2 when the bundle could not be checked at all.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from datetime import datetime

BUNDLE = "shodo/bundle/1"
NOTES = ("shodo/timeline/1", "shodo/timeline/2")
TOLERANCE = 10 * 60 * 1_000_000  # microseconds; clocks are set right by less
SPKI = bytes.fromhex("302a300506032b6570032100")  # an Ed25519 key follows (RFC 8410)

findings = []


def find(place, what):
    findings.append(f"{place}: {what}")


def micros(text):
    """Microseconds since 1970 of an RFC 3339 instant in UTC."""
    if not text.endswith("Z"):
        raise ValueError("a time that is not UTC")
    whole, _, fraction = text[:-1].partition(".")
    moment = datetime.strptime(whole + "+0000", "%Y-%m-%dT%H:%M:%S%z")
    return int(moment.timestamp()) * 1_000_000 + int((fraction + "000000")[:6])


def field(data):
    return len(data).to_bytes(8, "big") + data


def commitment(salt, payload):
    return hashlib.sha256(
        b"shodo/timeline/payload/1" + field(salt) + field(payload.encode())
    ).digest()


def entry_hash(entry):
    number = lambda value: value.to_bytes(8, "big", signed=True)
    parts = [
        bytes.fromhex(entry["prev_hash"]),
        entry["incident_id"].encode(),
        number(entry["seq"]),
        entry["id"].encode(),
        entry["kind"].encode(),
        entry["actor"].encode(),
        number(entry["occurred_at"]),
        number(entry["recorded_at"]),
        bytes.fromhex(entry["commitment"]),
    ]
    return hashlib.sha256(b"shodo/timeline/entry/1" + b"".join(map(field, parts))).digest()


class Key:
    """The public key, and a folder in which `openssl` finds what it reads."""

    def __init__(self, pem, folder):
        body = pem.split("-----BEGIN PUBLIC KEY-----")[1].split("-----END PUBLIC KEY-----")[0]
        der = base64.b64decode("".join(body.split()), validate=True)
        if not der.startswith(SPKI) or len(der) != len(SPKI) + 32:
            raise ValueError("it is no Ed25519 key")
        self.raw = der[len(SPKI):]
        self.fingerprint = hashlib.sha256(der).hexdigest()
        self.folder = folder
        with open(self.path("key.der"), "wb") as file:
            file.write(der)

    def path(self, name):
        return os.path.join(self.folder, name)

    def problem(self, note, names):
        """Why a signed note does not hold; None when it does."""
        body, mark, signature = note.rpartition("\n\u2014 ")
        if not mark:
            return "it has no signature"
        words = signature.split()
        origin = body.split("\n", 1)[0]
        if origin not in names or len(words) < 2 or words[0] != origin:
            return "its first line or its signature is of another kind"
        try:
            signed = base64.b64decode(words[1], validate=True)
        except binascii.Error:
            return "its signature is no Base64"
        named = hashlib.sha256(origin.encode() + b"\n\x01" + self.raw).digest()[:4]
        if signed[:4] != named:
            return "it was signed with another key"
        with open(self.path("body"), "wb") as file:
            file.write(body.encode())
        with open(self.path("signature"), "wb") as file:
            file.write(signed[4:])
        run = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
             "-inkey", self.path("key.der"), "-rawin", "-in", self.path("body"),
             "-sigfile", self.path("signature")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        )
        return None if run.returncode == 0 else "its signature does not hold"


def read_list(text):
    """The signed list: what the bundle says of itself, and the digest of each file."""
    head, _, sums = text.rpartition("\n\u2014 ")[0].partition("\n\n")
    lines = [line.split(" ") for line in head.split("\n")]
    names = ["incident", "made", "entries", "payloads", "checkpoints"]
    if lines[0] != [BUNDLE] or [line[0] for line in lines[1:]] != names:
        raise ValueError("its lines are not those of this version")
    said = {line[0]: line[1:] for line in lines[1:]}
    files = {}
    for line in sums.splitlines():
        digest, name = line.split("  ", 1)
        files[name] = digest
    return {
        "number": said["incident"][0],
        "incident_id": said["incident"][1],
        "made": said["made"][0],
        "entries": int(said["entries"][0]),
        "head": base64.b64decode(said["entries"][1], validate=True).hex(),
        "payloads": said["payloads"][0] == "included",
        "first": int(said["checkpoints"][0]),
        "last": int(said["checkpoints"][1]),
        "files": files,
    }


def check_files(archive, said):
    """Compares each file with the list; gives the digests that were found."""
    found = {}
    for info in archive.infolist():
        if info.filename in found:
            find("the bundle", f"two of its files are called {info.filename}")
        digest = hashlib.sha256()
        try:
            with archive.open(info) as file:
                for piece in iter(lambda: file.read(1 << 20), b""):
                    digest.update(piece)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            find(info.filename, f"it cannot be read: {error}")
            continue
        found[info.filename] = digest.hexdigest()
    for name, digest in said["files"].items():
        if name not in found:
            find(name, "it is on the list, but not in the bundle: it was removed")
        elif found[name] != digest:
            find(name, "its digest is not the one on the list: it was changed")
    for name in found:
        if name != "manifest.note" and name not in said["files"]:
            find(name, "it is not on the list: it was added")
    return found


def read_note(note):
    """Number, time, the digest before, and the heads that a checkpoint names."""
    lines = note.rpartition("\n\u2014 ")[0].rstrip("\n").split("\n")
    second = lines[0] == "shodo/timeline/2"
    heads = {}
    for line in lines[4 if second else 3:]:
        incident, seq, digest = line.split(" ")
        heads[incident] = (int(seq), base64.b64decode(digest, validate=True).hex())
    return {
        "number": int(lines[1]) if second else None,
        "time": micros(lines[2]),
        "before": lines[3] if second else None,
        "heads": heads,
    }


def check_checkpoints(archive, found, said, key, kept):
    """Follows the chain of checkpoints; gives what they say of the incident, and the newest."""
    claims, notes, before, newest, seen_chained = [], {}, None, None, False
    for number in range(said["first"], said["last"] + 1):
        name = f"checkpoints/{number:08}.note"
        if name not in found:
            if name not in said["files"]:
                find(name, "the list counts it, but does not name it")
                break
            before = newest = None
            continue
        place = f"checkpoint {number}"
        text = archive.read(name).decode()
        notes[number] = text
        problem = key.problem(text, NOTES)
        newest = None
        if problem:
            find(place, problem)
        else:
            newest = read_note(text)
            if newest["number"] not in (None, number):
                find(place, "it was renumbered")
            if before:
                named = base64.b64encode(hashlib.sha256(before[0].encode()).digest()).decode()
                chained = newest["number"] is not None
                if (chained and newest["before"] != named) or (not chained and seen_chained):
                    find(place, "it does not follow from the checkpoint before it")
                if before[1] and newest["time"] < before[1] - TOLERANCE:
                    find(place, "it was made earlier than the one before it: the clock was set back")
            seen_chained = seen_chained or newest["number"] is not None
            if said["incident_id"] in newest["heads"]:
                seq, digest = newest["heads"][said["incident_id"]]
                claims.append((seq, digest, newest["time"], place))
        before = (text, newest and newest["time"])
    for path in kept:
        place = f"the checkpoint that you kept as {path}"
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        problem = key.problem(text, NOTES)
        if problem:
            find(place, problem)
            continue
        note = read_note(text)
        if notes.get(note["number"], text) != text:
            find(place, "the bundle holds another checkpoint of the same number")
        seq, digest = note["heads"].get(said["incident_id"], (0, ""))
        later = note["number"] is not None and note["number"] > said["last"]
        if seq and not (later and seq > said["entries"]):
            claims.append((seq, digest, note["time"], place))
    return claims, newest


def check_entries(archive, said, claims, newest):
    """Follows the chain of entries; gives the digests of sealed files that they tell of."""
    by_seq, sealed, silent = {}, {}, False
    for seq, digest, time, place in claims:
        by_seq.setdefault(seq, {}).setdefault(digest, (time, place))
    before, accepted, latest = 0, {"00" * 32}, None
    bare, erased, last = [], set(), (0, "")
    with archive.open("entries.jsonl") as file:
        for row, line in enumerate(file, 1):
            try:
                entry = json.loads(line)
                seq = entry["seq"]
                computed = entry_hash(entry).hex()
            except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
                find(f"entries.jsonl line {row}", f"the line cannot be read: {error}")
                continue
            place = f"entry {seq} ({entry['id']})"
            if entry["incident_id"] != said["incident_id"]:
                find(place, "it belongs to another incident")
            if seq != before + 1:
                for missing in range(before + 1, min(seq, before + 101)):
                    find(f"entry {missing}", "this entry was removed or renumbered")
                if seq <= before:
                    find(place, f"it stands behind entry {before}: entries were put in another order")
            elif entry["prev_hash"] not in accepted:
                find(place, "it does not follow from the entry before it")
            before = seq
            accepted = {entry["hash"], computed}
            if computed != entry["hash"]:
                find(place, "its content does not match its hash")
            payload = entry["payload"]
            if payload is None:
                bare.append(seq)
                if entry["salt"]:
                    find(place, "its payload was erased, but not its salt")
            elif not said["payloads"]:
                find(place, "it tells something, and the list says that none does")
            elif commitment(bytes.fromhex(entry["salt"]), payload).hex() != entry["commitment"]:
                find(place, "its payload does not match its commitment")
            details = {}
            if payload is not None:
                try:
                    details = json.loads(payload)
                except ValueError:
                    find(place, "its payload is no JSON")
            if entry["kind"] == "timeline.payload-erased":
                erased.update(details.get("seqs", []))
            if entry["kind"] == "evidence.sealed":
                if "sha256" in details:
                    sealed[details.get("evidence_id")] = details["sha256"]
                else:
                    silent = True
            if latest is not None and entry["recorded_at"] < latest - TOLERANCE:
                find(place, "it was recorded earlier than an entry or a checkpoint before it: the clock was set back")
            latest = max(latest or entry["recorded_at"], entry["recorded_at"])
            for digest, (time, who) in by_seq.pop(seq, {}).items():
                latest = max(latest, time)
                if digest != entry["hash"]:
                    find(place, f"{who} saw this entry with another hash")
            last = (seq, entry["hash"])
    for seq, seen in sorted(by_seq.items()):
        for _, who in seen.values():
            find(f"entry {seq}", f"{who} saw this entry, and it is gone")
    if said["payloads"]:
        for seq in bare:
            if seq not in erased:
                find(f"entry {seq}", "its payload is gone, and no later entry tells of an erasure")
    if last != (said["entries"], said["head"]):
        find("entries.jsonl", f"the last entry is {last[0]}, the list says {said['entries']}: the end was removed, added or changed")
    if newest is None or newest["heads"].get(said["incident_id"]) != last:
        find("entries.jsonl", "the newest checkpoint does not vouch for the last entry")
    return sealed, silent


def check_evidence(archive, found, sealed, silent):
    """Compares sealed files with what the entries say of them; gives how many bytes were there."""
    held = {name for name in found if name.startswith("evidence/")}
    there = 0
    with archive.open("evidence.jsonl") as file:
        for row, line in enumerate(file, 1):
            try:
                item = json.loads(line)
                place, digest = f"evidence {item['id']}", item["sha256"]
            except (ValueError, KeyError, TypeError):
                find(f"evidence.jsonl line {row}", "the line cannot be read")
                continue
            said = sealed.pop(item["id"], None)
            if said is None and not silent:
                find(place, "no entry tells of its sealing")
            elif said not in (None, digest):
                find(place, "its digest is not the one of the entry that tells of its sealing")
            name = f"evidence/{item['id']}"
            if name in held:
                held.remove(name)
                there += 1
                if found[name] != digest:
                    find(place, "its bytes are not those that were sealed: they were replaced")
            elif item.get("included"):
                find(place, "its bytes are missing")
    for identity in sealed:
        find(f"evidence {identity}", "an entry tells of its sealing, and the list of files does not name it")
    for name in sorted(held):
        find(name, "no sealed file is of this name")
    return there


def check(bundle, known, kept, folder):
    with zipfile.ZipFile(bundle) as archive:
        try:
            key = Key(archive.read("public-key.pem").decode(), folder)
        except (KeyError, IndexError, ValueError) as error:
            find("public-key.pem", f"it cannot be used: {error}")
            return
        if known and "".join(known.replace(":", "").split()).lower() != key.fingerprint:
            find("public-key.pem", "it is not the key that you named: whoever made this key could have signed anything anew")
        try:
            text = archive.read("manifest.note").decode()
            said = read_list(text)
        except (KeyError, IndexError, ValueError) as error:
            find("manifest.note", f"it cannot be read: {error}")
            return
        problem = key.problem(text, (BUNDLE,))
        if problem:
            find("manifest.note", problem)
        found = check_files(archive, said)
        try:
            claims, newest = check_checkpoints(archive, found, said, key, kept)
            sealed, silent = check_entries(archive, said, claims, newest)
            there = check_evidence(archive, found, sealed, silent)
        except (KeyError, IndexError, ValueError) as error:
            find("the bundle", f"the check could not go on: {error!r}")
            return
    print(f"{said['number']}, made {said['made']}: {said['entries']} entries, "
          f"checkpoints {said['first']} to {said['last']}, {there} files of evidence")
    print(f"key {key.fingerprint}" + ("" if known else
          " (the bundle's own: compare it with what you got on another way, by --key)"))


def main():
    parser = argparse.ArgumentParser(description="Checks an evidence bundle of Shodo, offline.")
    parser.add_argument("bundle", help="the ZIP file")
    parser.add_argument("--key", help="fingerprint of the key, as you got it on another way")
    parser.add_argument("--checkpoint", action="append", default=[], help="a checkpoint that you kept elsewhere")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            check(arguments.bundle, arguments.key, arguments.checkpoint, folder)
    except (OSError, zipfile.BadZipFile) as error:
        print(f"the bundle cannot be checked: {error}", file=sys.stderr)
        sys.exit(2)
    for line in findings:
        print(line)
    print("Everything holds." if not findings else f"{len(findings)} findings: this bundle is not what was handed out, or the records were changed before.")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
