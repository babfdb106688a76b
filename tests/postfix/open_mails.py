"""Opens what Postfix delivered: every mail parsed by Python's own parser, its parts written to a folder.

Usage: open_mails.py MAILDIRS FOLDER

Ends with 1 when a mail has a defect, no plain text, or a line that a server may cut.
"""

import email
import email.policy
import sys
from pathlib import Path

maildirs, folder = Path(sys.argv[1]), Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
wrong = 0
number = 0
for path in sorted(maildirs.glob("*/new/*")):
    raw = path.read_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    number += 1
    name = f"{number:02}-{path.parts[-3]}"
    (folder / f"{name}.eml").write_bytes(raw)
    defects = [str(defect) for part in mail.walk() for defect in part.defects]
    text = mail.get_body(preferencelist=("plain",))
    longest = max(len(line) for line in raw.split(b"\n"))
    if defects or text is None or longest > 998:
        wrong += 1
    html = mail.get_body(preferencelist=("html",))
    if html is not None:
        (folder / f"{name}.html").write_text(html.get_content(), encoding="utf-8")
    if text is not None:
        (folder / f"{name}.txt").write_text(text.get_content(), encoding="utf-8")
    print(f"{name}: {mail['Subject']} | longest line {longest} | DKIM {'yes' if mail['DKIM-Signature'] else 'no'} | {defects or 'sound'}")
print(f"{number} mails, {wrong} with something wrong")
sys.exit(1 if wrong else 0)
