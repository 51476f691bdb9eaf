"""The sample workspace as it lies in data/raw, for the tests about it."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook, load_workbook

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "salford_2004"
RAW = ROOT / "data" / "raw"
FRAMEWORK = RAW / "framework" / "framework.xlsx"
CONTRACTS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "expectations" / "framework").glob("*.yml"))
}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def workbook(path: Path) -> Workbook:
    """A workbook, opened once for all the tests."""
    return load_workbook(path)


@cache
def entity(name: str) -> list[dict[str, Any]]:
    """The rows of a framework sheet, by the column names of its contract."""
    names = {column["header"]: key for key, column in CONTRACTS[name]["columns"].items()}
    header, *lines = workbook(FRAMEWORK)[name].iter_rows(values_only=True)
    return [dict(zip((names[str(h)] for h in header), line, strict=True)) for line in lines]


LEDGER = rows(RAW / "receipts.csv")
RETURNS = [line for line in LEDGER if line["folder"] != "framework"]
