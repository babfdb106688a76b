"""A real SMTP server for tests: takes mail, writes it down as JSON lines, fails on request.

Usage: smtp_sink.py LOG [--port N] [--tls CERT KEY] [--starttls CERT KEY] [--auth USER PASSWORD]

The part of the recipient's address before the "@" says what happens:

  defer-N-…   the first N attempts are answered 451 4.2.0
  refuse-…    550 5.1.1, with the address in the words
  late-refuse-…  550 after the content
  drop-…      takes the content, writes it down, and closes without an answer
  silent-…    never answers RCPT
  hang-…      takes the content, writes it down, and never answers
  close-…     421 and closes at RCPT

Prints the port on the first line of its output, then serves until its input closes.
"""

import argparse
import asyncio
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Handler:
    def __init__(self, log):
        self.log = log
        self.tries = {}

    def write(self, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {kind: message.get_body(preferencelist=(kind,)) for kind in ("plain", "html")}
        record = {
            "subject": message["Subject"],
            "headers": {name: str(value) for name, value in message.items()},
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
            "text": parts["plain"] and parts["plain"].get_content(),
            "html": parts["html"] and parts["html"].get_content(),
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "content": envelope.content.decode("utf-8", "replace"),
            "peer": session.peer[1],
            "tls": session.ssl is not None,
            "user": session.auth_data,
        }
        self.log.write(json.dumps(record) + "\n")
        self.log.flush()

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        tries = self.tries[local] = self.tries.get(local, 0) + 1
        if local.startswith("defer-") and tries <= int(local.split("-")[1]):
            return "451 4.2.0 mailbox of <%s> is busy" % address
        if local.startswith("refuse-"):
            return "550 5.1.1 <%s>: user %s unknown" % (address, local)
        if local.startswith("silent-"):
            await asyncio.sleep(3600)
        if local.startswith("close-"):
            server.transport.write(b"421 4.3.2 closing\r\n")
            server.transport.close()
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        local = envelope.rcpt_tos[0].split("@")[0]
        if local.startswith("late-refuse-"):
            return "554 5.7.1 content refused"
        self.write(session, envelope)
        if local.startswith("drop-"):
            server.transport.abort()
            await asyncio.sleep(3600)
        if local.startswith("hang-"):
            await asyncio.sleep(3600)
        return "250 2.0.0 OK queued"


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--starttls", nargs=2)
    parser.add_argument("--auth", nargs=2)
    arguments = parser.parse_args()

    def context(pair):
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.load_cert_chain(*pair)
        return made

    options = {"hostname": "sink.example.com", "enable_SMTPUTF8": True}
    if arguments.starttls:
        options.update(tls_context=context(arguments.starttls), require_starttls=True)
    if arguments.auth:
        user, password = (text.encode() for text in arguments.auth)

        def authenticate(server, session, envelope, mechanism, data):
            good = isinstance(data, LoginPassword) and (data.login, data.password) == (user, password)
            return AuthResult(success=good, auth_data=user.decode() if good else None, handled=good)

        options.update(authenticator=authenticate, auth_required=True)
        # Implicit TLS and loopback tests: aiosmtpd counts only STARTTLS as protection.
        options.update(auth_require_tls=bool(arguments.starttls))

    with open(arguments.log, "a", encoding="utf-8") as log:
        handler = Handler(log)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(handler, **options),
            "127.0.0.1",
            arguments.port,
            ssl=context(arguments.tls) if arguments.tls else None,
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        await loop.run_in_executor(None, sys.stdin.read)
        # The test is over: open connections end with the process.
        os._exit(0)


asyncio.run(main())
