"""Templates for the tests: made from the sample framework, filled in as people fill them in, and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from grids import CONTEXT, contracts, receipt, sample_framework
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.judge.intake import judge_returns
from pipelines.judge.judged import Judged
from pipelines.submission.opening import Opened
from pipelines.template.book import template_bytes
from pipelines.template.forms import Past, forms
from pipelines.template.model import Form
from pipelines.workbook import open_book

QUARTER = "2004-05-Q1"
ISSUED_ON = date(2004, 6, 25)
HEADER = 7
PROXY_PAST: Past = {
    "proxy_indicators": {
        "pct": [
            {"indicator_id": "P_QUIT", "period": "2003-10-01/P3M", "period_start": date(2003, 10, 1),
             "period_end": date(2003, 12, 31), "period_label": "Oct to Dec 2003", "value": 163.0,
             "value_status": None, "quarter": "2003-04-Q4"},
        ]
    }
}  # fmt: skip


def form(partner: str = "pct", quarter: str = QUARTER, past: Past | None = None) -> Form:
    """The form of one partner of the sample."""
    judged = sample_framework()
    frame = judged.frames["framework.expected_returns"]
    expected: list[Any] = frame[frame["is_current"]].to_dict("records")
    past = PROXY_PAST if past is None else past
    (made,) = forms(judged.contracts, judged.references, expected, quarter, past, ISSUED_ON, partner)
    return made


@cache
def template(partner: str = "pct", quarter: str = QUARTER) -> bytes:
    """The template's bytes."""
    return template_bytes(form(partner, quarter), "test")


def opened(content: bytes | None = None) -> Any:
    """A template opened with openpyxl, to be filled in."""
    return openpyxl.load_workbook(BytesIO(content or template()))


def column(sheet: Worksheet, heading: str) -> int:
    """The number of the column with this heading."""
    return next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == heading)


def rows_of(sheet: Worksheet) -> dict[tuple[Any, ...], int]:
    """The key of each row that came with the template → its number."""
    keys = [n for n, cell in enumerate(sheet[HEADER], 1) if cell.protection.locked and cell.value]
    first = [n for n in keys if not str(sheet.cell(HEADER, n).value).startswith(("Guide:", "Last time:"))]
    found: dict[tuple[Any, ...], int] = {}
    for number in range(HEADER + 1, sheet.max_row + 1):
        key = tuple(sheet.cell(number, n).value for n in first if sheet.cell(number, n).protection.locked)
        if key and any(key):
            found[tuple(part for part in key if part is not None)] = number
    return found


def fill(sheet: Worksheet, number: int, values: Mapping[str, object]) -> None:
    """Type values into a row, by heading."""
    for heading, value in values.items():
        cell = sheet.cell(number, column(sheet, heading))
        assert not cell.protection.locked, f"{heading} is locked"
        cell.value = value


TYPED: dict[str, Sequence[Mapping[str, object]]] = {
    "Proxy indicators": [
        {"Value": 231, "Commentary": "New Year and the no smoking day in March both helped."},
        {"Value": "72%"},
        {"Value": 158, "Published on": date(2004, 7, 2)},
        {"Value": "1,347"},
    ],
    "Improvement Plan actions": [
        {"Status": "on track", "% done": "10%", "Your rating": "Amber/Green"},
        {"Status": "slipping", "% done": 5, "Your rating": "Amber/Red", "Progress note": "The post is empty."},
    ],
    "NRF spend and projects": [
        {"Revised allocation (£)": 218000, "Profile Q1 (£)": 54000, "Profile Q2 (£)": 54000,
         "Profile Q3 (£)": 55000, "Profile Q4 (£)": 55000, "Actual Q1 (£)": "£53,000", "Actual to date (£)": 53000},
        {"Revised allocation (£)": 173000, "Profile Q1 (£)": 40000, "Profile Q2 (£)": 43000,
         "Profile Q3 (£)": 45000, "Profile Q4 (£)": 45000, "Actual Q1 (£)": 41000, "Actual to date (£)": 41000},
        {"Revised allocation (£)": "155k", "Profile Q1 (£)": 38000, "Profile Q2 (£)": 39000,
         "Profile Q3 (£)": 39000, "Profile Q4 (£)": 39000, "Actual Q1 (£)": 38000, "Actual to date (£)": 38000},
    ],
}  # fmt: skip
READ = {
    "proxy_indicators": [("P_BREAST", 72.0), ("P_CCARD", 158.0), ("P_CLINIC", 1347.0), ("P_QUIT", 231.0)],
    "improvement_plan": [("IP03", 10.0), ("IP09", 5.0)],
    "nrf_spend": [("NRF04", 53000.0), ("NRF05", 41000.0), ("NRF06", 38000.0)],
}
FIGURE = {"proxy_indicators": "value", "improvement_plan": "percent_done", "nrf_spend": "actual_to_date"}


def fill_in(book: Any) -> Any:
    """Fill in the whole of the sample's template as the Primary Care Trust might."""
    for title, typed in TYPED.items():
        for number, values in enumerate(typed, start=HEADER + 1):
            fill(book[title], number, values)
    book["Floor target progress"]["B6"] = "Yes"
    for name, value in {"B6": "J. Bloggs", "B7": "Information officer", "B9": "Final"}.items():
        book["Sign-off"][name] = value
    return book


def saved(book: Any, path: Path) -> Path:
    """The workbook as a file."""
    book.save(path)
    return path


def judge(path: Path, **of_receipt: Any) -> Judged:
    """The file read and judged as a run would, by the sample framework."""
    judged = sample_framework()
    file = Opened(
        receipt(**({"folder": "inbox", "original_name": path.name} | of_receipt)), open_book(path, path.name)
    )
    judged = replace(judged, findings=[], files=[])
    judged = judge_returns(judged, [file], CONTEXT)
    # what the framework's own sheets are asked about, such as a correction for another file, is no matter here
    mine = [finding for finding in judged.findings if finding.file_id == file.receipt.file_id]
    return replace(judged, findings=mine)


def values(judged: Judged) -> dict[str, list[tuple[str, float]]]:
    """What came in: return → key and figure of each row that counts."""
    read = {}
    for contract in contracts().values():
        if contract.is_framework:
            continue
        frame = judged.frames[contract.full_name]
        if len(frame):
            figures = frame[[contract.key[0], FIGURE.get(contract.name, contract.key[0])]]
            read[contract.name] = sorted(map(tuple, figures.to_numpy().tolist()))
    return read


def told(judged: Judged) -> list[tuple[str, str]]:
    """Rule and consequence of every finding."""
    return sorted((finding.rule, finding.consequence) for finding in judged.findings)
