"""Compares content/calendars with the holidays of the PyPI package `holidays`, 2025 to 2030.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install holidays==0.109
    /tmp/oracle/bin/python tests/oracle/holidays.py

Prints each day that only one of the two knows, and ends with 1 if one of them is not explained below.
"""

import datetime
import sys
import tomllib
from pathlib import Path

sys.path.pop(0)  # this folder, where `holidays` would be this script
import holidays  # noqa: E402

CALENDARS = Path(__file__).resolve().parents[2] / "content" / "calendars"
YEARS = range(2025, 2031)
COUNTRIES = {"jp": "JP", "us-federal": "US", "br": "BR"}

# Days that differ for a reason, as (calendar, day): reason. At version 0.109 there are none:
# - JP: both compute the equinoxes of 2028 to 2030, which are not proclaimed yet; when they are, a
#   day that moves has to be changed here and there.
# - US: both list a holiday on a weekend and the day it is kept instead. Days on which the President
#   closed offices by order (2025-01-09, 2025-12-24 and 26) stand in neither.
# - BR: both close on Good Friday (see br.toml). Carnival, Corpus Christi and the other pontos
#   facultativos are of the package's category `optional`, which is not asked for.
ACCEPTED: dict[tuple[str, datetime.date], str] = {}


def ours(calendar: dict) -> dict[datetime.date, str]:
    days = {datetime.date.fromisoformat(str(h["on"])): h["name"]["en"] for h in calendar["holidays"]}
    if len(days) != len(calendar["holidays"]):
        sys.exit(f"{calendar['id']}: a day stands twice")
    return days


def main() -> int:
    unexplained = 0
    for id_, country in COUNTRIES.items():
        calendar = tomllib.loads((CALENDARS / f"{id_}.toml").read_text(encoding="utf-8"))
        here = ours(calendar)
        there = dict(holidays.country_holidays(country, years=YEARS, language="en_US"))
        for day in sorted(here.keys() ^ there.keys()):
            side = "only here" if day in here else f"only in holidays {holidays.__version__}"
            reason = ACCEPTED.get((id_, day))
            unexplained += reason is None
            print(f"{id_} {day} {here.get(day) or there[day]}: {side}; {reason or 'NOT EXPLAINED'}")
        print(f"{id_}: {len(here)} days here, {len(there)} there")
    weekends = tomllib.loads((CALENDARS / "weekends.toml").read_text(encoding="utf-8"))
    if weekends["holidays"] or not weekends["covers_from"] > weekends["covers_until"]:
        print("weekends: must know no holiday and cover no day")
        unexplained += 1
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
