"""What a text of the sample's CSV files becomes when somebody types it into a cell.

A plain number is a number, `38%` a fraction shown as a percentage, `2004-06-30` a date, and what follows an
apostrophe is text whatever it looks like. Everything else is text: `£1.2m`, `n/a`, `54.9 (p)`.
"""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

Row = dict[str, str]

NUMBER = re.compile(r"-?\d+(\.\d+)?")
PERCENTAGE = re.compile(r"-?\d+(\.\d+)?%")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Typed(NamedTuple):
    """A cell's value and its number format; the value is None for an empty cell."""

    value: str | int | float | date | None
    number_format: str = "General"


def read(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def typed(text: str) -> Typed:
    """The cell that typing `text` gives."""
    if not text:
        return Typed(None)
    if text.startswith("'"):
        return Typed(text[1:], "@")
    if NUMBER.fullmatch(text):
        return Typed(number(text))
    if PERCENTAGE.fullmatch(text):
        places = len(text.rstrip("%").partition(".")[2])
        return Typed(float(Decimal(text.rstrip("%")) / 100), f"{Decimal(0):.{places}f}%")
    if DATE.fullmatch(text):
        return Typed(date.fromisoformat(text), "dd/mm/yyyy")
    return Typed(text)


def number(text: str) -> int | float:
    """`text` as a whole number where it is one."""
    return float(text) if "." in text else int(text)
