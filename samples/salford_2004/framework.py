"""The framework workbook: one sheet per entity, from the CSV file of the same name.

The CSV files carry the headings of the contracts in expectations/framework/, and the contracts say which
columns hold numbers and dates.
"""

from datetime import date
from pathlib import Path

import yaml
from openpyxl import Workbook
from openpyxl.styles import Font
from typed import number, read


def build(tables: Path, contracts: Path) -> Workbook:
    """The workbook of all the CSV files in `tables`, its sheets in the order of the alphabet."""
    book = Workbook()
    del book[book.sheetnames[0]]
    for path in sorted(tables.glob("*.csv")):
        contract = yaml.safe_load((contracts / f"{path.stem}.yml").read_text(encoding="utf-8"))
        types = {column["header"]: column["type"] for column in contract["columns"].values()}
        rows = read(path)
        sheet = book.create_sheet(path.stem)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append([_value(text, types[header]) for header, text in row.items()])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = 24
        for cells in sheet.iter_rows(min_row=2):
            for cell in cells:
                if isinstance(cell.value, date):
                    cell.number_format = "dd/mm/yyyy"
    return book


def _value(text: str, kind: str) -> str | int | float | date | None:
    if not text:
        return None
    if kind in ("count", "number", "money"):
        return number(text)
    return date.fromisoformat(text) if kind == "date" else text
