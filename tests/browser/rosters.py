"""Writes two rosters of people made up by Faker into a folder: one in CP932, one as a workbook.

Faker knows nothing of this project: its names, addresses and telephones are what an export of a
real shop looks like. The same seed gives the same people.
"""

import csv
import pathlib
import sys

from faker import Faker
from openpyxl import Workbook

HEADER = ["会員番号", "氏名", "フリガナ", "メールアドレス", "電話番号", "郵便番号", "住所", "生年月日"]


def people(seed, count):
    fake = Faker("ja_JP")
    Faker.seed(seed)
    for number in range(count):
        yield [
            f"F{seed}-{number:04}",
            f"{fake.last_name()} {fake.first_name()}",
            f"{fake.last_kana_name()} {fake.first_kana_name()}",
            f"f{seed}.{number}.{fake.user_name()}@example.jp",
            fake.phone_number(),
            fake.zipcode(),
            fake.address(),
            fake.date_of_birth(minimum_age=19, maximum_age=90),
        ]


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    with open(folder / "faker-cp932.csv", "w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(people(1, count))
    book = Workbook()
    sheet = book.active
    sheet.title = "顧客"
    sheet.append(HEADER)
    for row in people(2, count):
        sheet.append(row)
    hidden = book.create_sheet("集計")
    hidden.sheet_state = "hidden"
    hidden.append(["合計", count])
    book.save(folder / "faker.xlsx")


main()
