"""The hidden sheet of lists: one column for each list that a cell may be chosen from."""

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from pipelines.house_style.look import BODY, BOLD
from pipelines.template.words import LISTS


class Lists:
    """The lists of a workbook; the same list is written once. The sheet is made when the first is asked for."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._known: dict[tuple[str, ...], str] = {}

    def range_of(self, title: str, choices: Sequence[str]) -> str:
        """The range that holds these choices, as a formula of the same workbook."""
        key = tuple(choices)
        if key not in self._known:
            self._known[key] = self._write(title, key)
        return self._known[key]

    def _write(self, title: str, choices: tuple[str, ...]) -> str:
        if LISTS in self._workbook.sheetnames:
            sheet = self._workbook[LISTS]
        else:
            sheet = self._workbook.create_sheet(LISTS)
            sheet.sheet_state = "hidden"
        column = sheet.max_column + 1 if sheet["A1"].value else 1
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 24
        for row, text in enumerate((title, *choices), start=1):
            cell = sheet.cell(row, column, text)
            cell.data_type, cell.number_format = "s", "@"
            cell.font = BOLD if row == 1 else BODY
        return f"{LISTS}!${letter}$2:${letter}${len(choices) + 1}"
