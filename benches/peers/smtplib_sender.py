"""Sends personalised multipart mail by Python's smtplib over threads; prints the seconds.

Usage: smtplib_sender.py PORT MESSAGES CONNECTIONS [FOLDER]
"""

import smtplib
import sys
import threading
import time
from email.headerregistry import Address
from email.message import EmailMessage

PORT, MESSAGES, CONNECTIONS = (int(text) for text in sys.argv[1:4])
SENTENCE = "このたびは、お客様の個人情報が外部に漏えいした可能性のある事案が発生し、ご迷惑とご心配をおかけしておりますことを、心よりお詫び申し上げます。"
SIX = [SENTENCE] * 6


def send(numbers):
    with smtplib.SMTP("127.0.0.1", PORT) as server:
        for number in numbers:
            name = f"髙橋 さくら{number}"
            message = EmailMessage()
            message["From"] = Address("お客様情報保護窓口", "privacy", "shop.example.jp")
            message["To"] = Address(name, f"person{number}", "example.jp")
            message["Subject"] = "【重要】個人情報の漏えいに関するお詫びとお知らせ"
            message.set_content(f"{name} 様\n\n" + "\n\n".join(SIX) + "\n")
            message.add_alternative(f"<p>{name} 様</p><p>" + "</p><p>".join(SIX) + "</p>", subtype="html")
            server.send_message(message)


begun = time.perf_counter()
threads = [threading.Thread(target=send, args=(range(start, MESSAGES, CONNECTIONS),)) for start in range(CONNECTIONS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(time.perf_counter() - begun)
