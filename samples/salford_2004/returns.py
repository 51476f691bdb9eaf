"""The partners' workbooks: rows of the CSV files in returns/, each laid out as its partner would.

returns/files.csv says which files came in, returns/<return>.csv what was typed into them, and
returns/layouts.yml how each partner sets its sheets out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet
from typed import Row, read, typed

PUBLISHED = "published"  # as a value: to be looked up in published_figures.csv
NIL = "Nil return"


@dataclass
class Returns:
    """Everything the sample's returns are made from."""

    files: list[Row]
    layouts: dict[str, Any]
    rows: dict[str, list[Row]]
    published: dict[tuple[str, str, str], Row]


def load(folder: Path) -> Returns:
    """Read the sample's CSV files and layouts."""
    layouts = yaml.safe_load((folder / "returns" / "layouts.yml").read_text(encoding="utf-8"))
    names = {name for layout in layouts.values() for name in layout["sheets"]}
    figures = folder / "published_figures.csv"
    published = {
        (row["target_id"], row["area"], _years(row["period"])): row
        for row in (read(figures) if figures.exists() else [])
    }
    return Returns(
        read(folder / "returns" / "files.csv"),
        layouts,
        {name: read(folder / "returns" / f"{name}.csv") for name in names},
        published,
    )


def build(file: Row, returns: Returns) -> Workbook:
    """One partner's workbook: a sheet for each return in it, and any sheets without a table."""
    layout = returns.layouts[file["partner"]]
    book = Workbook()
    del book[book.sheetnames[0]]
    nil = file["nil"].split(";")
    for name in file["returns"].split(";"):
        sheet_layout = layout["sheets"][name]
        rows = [] if name in nil else list(_rows(file, returns.rows[name], returns.published))
        if not rows and name not in nil:
            raise ValueError(f"{file['file']} ({file['quarter']}): no rows for {name}, and it is not nil.")
        _Sheet(book.create_sheet(sheet_layout["name"]), layout, sheet_layout, file).write(rows)
    for name in filter(None, file["extra"].split(";")):
        extra = layout["extra"][name]
        sheet = book.create_sheet(name)
        sheet.sheet_state = extra["state"]
        for address, text in extra["cells"].items():
            sheet[address] = text
    return book


def _rows(file: Row, rows: list[Row], published: dict[tuple[str, str, str], Row]) -> Iterator[Row]:
    for row in rows:
        if all(row[key] == file[key] for key in ("quarter", "partner", "sent")):
            if row.get("value") != PUBLISHED:
                yield row
            else:
                figure = published[row["target_id"], row["area_id"], _years(row["period"])]
                yield row | {key: figure[key] for key in ("value", "lower", "upper")}


def _years(period: str) -> str:
    """The years of a period, however it is written: 1998-2000, 1998 to 2000 and 1998-00 are the same."""
    return f"{period[:4]}-{period[-2:]}"


class _Sheet:
    """One sheet in the making: title, labelled cells, table, totals, footnotes, from top to bottom."""

    def __init__(self, sheet: Worksheet, look: dict[str, Any], layout: dict[str, Any], file: Row) -> None:
        self.sheet, self.look, self.layout, self.file = sheet, look, layout, file
        self.left = column_index_from_string(layout.get("column", "A"))
        self.row = 1

    def write(self, rows: list[Row]) -> None:
        self._above()
        columns = self.layout["columns"]
        for number, heading in enumerate(columns.values()):
            cell = self._put(number, heading)
            cell.font = Font(name=self.look["font"], bold=True)
            cell.alignment = Alignment(wrap_text=True)
            if fill := self.look.get("heading_fill"):
                cell.fill = PatternFill("solid", fgColor=fill)
            self.sheet.column_dimensions[cell.column_letter].width = 16
        self.row += 1
        first = self.row
        for row in rows:
            for number, column in enumerate(columns):
                value, number_format = typed(row[column])
                if value is not None:
                    cell = self._put(number, value)
                    wanted = self.layout.get("formats", {}).get(column)
                    cell.number_format = wanted if wanted and number_format == "General" else number_format
            self.row += 1
        if not rows:
            self._put(0, NIL)
            self.row += 1
        self._merge(first)
        self._total(rows)
        if rows:
            self._below()

    def _put(self, number: int, value: Any) -> Any:
        cell = self.sheet.cell(self.row, self.left + number, value)
        cell.font = Font(name=self.look["font"])
        return cell

    def _above(self) -> None:
        title, labels = self.layout.get("title", []), self.look.get("labels", {})
        for line, text in enumerate(title):
            self._put(0, text).font = Font(name=self.look["font"], bold=True, size=12 if line else 14)
            self.row += 1
        for label, text in labels.items():
            self._put(0, label)
            self._put(1, text.format(quarter=self.file["quarter_as_typed"]))
            self.row += 1
        self.row += 1 if title or labels else 0

    def _merge(self, first: int) -> None:
        """Merge the neighbours that say the same, as people do with a theme that heads several projects."""
        for name in self.layout.get("merge", []):
            column = self.left + list(self.layout["columns"]).index(name)
            start = first
            for row in range(first, self.row + 1):
                if self.sheet.cell(row, column).value != self.sheet.cell(start, column).value:
                    if row - start > 1:
                        self.sheet.merge_cells(
                            start_row=start, end_row=row - 1, start_column=column, end_column=column
                        )
                    start = row

    def _total(self, rows: list[Row]) -> None:
        added = [name for name in self.layout.get("total", []) if any(row[name] for row in rows)]
        if added:
            self._put(0, "Total")
            for name in added:
                values = (typed(row[name]).value for row in rows)
                total = sum(value for value in values if isinstance(value, int | float))
                self._put(list(self.layout["columns"]).index(name), total).number_format = "#,##0"
            self.row += 1

    def _below(self) -> None:
        self.row += 1
        for text in self.layout.get("footnote", []):
            self._put(0, text).font = Font(name=self.look["font"], italic=True, size=9)
            self.row += 1
