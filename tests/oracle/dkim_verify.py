"""Verifies DKIM signatures with dkimpy, which shares no code with ours.

Reads JSON lines {"message": text with CRLF, "name": DNS name, "record": its TXT record} and prints
one JSON line each: {"verified": bool, "signed": the names in h=}.
"""

import json
import sys

import dkim

for line in sys.stdin:
    case = json.loads(line)
    message = case["message"].encode()

    def look_up(name, timeout=5, case=case):
        wanted = case["name"].encode()
        return case["record"].encode() if name.rstrip(b".") == wanted else None

    verifier = dkim.DKIM(message)
    try:
        verified = verifier.verify(dnsfunc=look_up)
    except dkim.DKIMException as error:
        print(json.dumps({"verified": False, "signed": [], "why": str(error)}))
        continue
    names = [name.decode().lower() for name in verifier.include_headers]
    print(json.dumps({"verified": verified, "signed": names}))
