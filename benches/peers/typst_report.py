"""Sets report.typ with report.json in this folder; prints the seconds of one PDF (the median of five).

Each run has a world of its own, as the command line has. Usage: typst_report.py FONTS
"""

import statistics
import sys
import time

import typst


def one() -> float:
    began = time.perf_counter()
    typst.compile(
        "report.typ",
        output="report.pdf",
        font_paths=[sys.argv[1]],
        ignore_system_fonts=True,
    )
    return time.perf_counter() - began


one()
print(statistics.median(one() for _ in range(5)))
