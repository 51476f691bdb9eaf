"""What changes while somebody types: what a cell accepts, what is coloured, how much is left."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter, quote_sheetname

from pipelines.template.checks import choice, validation
from pipelines.template.lists import Lists
from pipelines.template.model import Field, ReturnSheet, Row
from pipelines.template.styles import filled
from pipelines.template.words import NO, ORANGE, YELLOW, YES


def letters_of(sheet: ReturnSheet) -> dict[str, str]:
    """Field → the letter of its column."""
    return {what.name: get_column_letter(number) for number, what in enumerate(sheet.fields, 1)}


def left(sheet: ReturnSheet, first: int, last: int, nil: str) -> tuple[str, int]:
    """How many required cells are still blank: as a formula of the workbook, and now.

    Rows whose key is given count; a nil return needs none of them. `nil` is the cell that says so.
    """
    letters, name = letters_of(sheet), quote_sheetname(sheet.title)
    key = sheet.contract.key[0]

    def reach(column: str) -> str:
        return f"{name}!${letters[column]}${first}:${letters[column]}${last}"

    columns = _required(sheet)
    total = "+".join(f'SUMPRODUCT(({reach(key)}<>"")*({reach(column)}=""))' for column in columns) or "0"
    formula = f'IF({name}!{nil}="{YES}",0,{total})' if sheet.contract.nil_allowed else f"({total})"
    now = sum(column not in row.values for row in sheet.rows if key in row.values for column in columns)
    return formula, 0 if sheet.is_nil else now


def _required(sheet: ReturnSheet) -> list[str]:
    columns = [what.column for what in sheet.fields if what.column]
    return [column.name for column in columns if column.required and column.name != sheet.contract.key[0]]


def validate(worksheet: Any, sheet: ReturnSheet, lists: Lists, first: int, nil: str) -> None:
    """Put a check and a message on every open cell."""
    if sheet.contract.nil_allowed:
        check = choice(
            "Nil return",
            lists.range_of("Nil return", (NO, YES)),
            f"Choose {YES} only if there is nothing to report; then leave the table as it is. Else {NO}.",
        )
        check.add(nil.replace("$", ""))
        worksheet.add_data_validation(check)
    for number, what in enumerate(sheet.fields, start=1):
        column, letter = what.column, get_column_letter(number)
        if column is None:
            continue
        for top, bottom, row in _runs(sheet, what, first):
            expected = None if column.type != "period" or row.is_given else row.values.get(what.name)
            choices = [str(expected.value)] if expected else sheet.lists.get(what.name)
            check = validation(
                column,
                sheet.contract,
                f"{letter}{top}",
                unit=_unit(row) if column.unit_of else None,
                choices=lists.range_of(column.header, choices) if choices else None,
                is_only_expected=expected is not None,
                example=choices[0] if choices and column.entity else "",
            )
            check.add(f"{letter}{top}:{letter}{bottom}")
            worksheet.add_data_validation(check)


def _runs(sheet: ReturnSheet, what: Field, first: int) -> Iterator[tuple[int, int, Row]]:
    """Neighbouring open rows of which a column asks the same: first row, last row, and one of them."""
    column = what.column

    def alike(numbered: tuple[int, Row]) -> tuple[Any, ...]:
        _, row = numbered
        unit = _unit(row) if column and column.unit_of else None
        period = row.values.get(what.name) if column and column.type == "period" else None
        return what.name in row.locked, unit, period

    for (is_locked, *_), rows in groupby(enumerate(sheet.rows, start=first), alike):
        numbered = list(rows)
        if not is_locked:
            yield numbered[0][0], numbered[-1][0], numbered[0][1]


def _unit(row: Row) -> str | None:
    unit = row.values.get("guide:unit")
    return str(unit.value) if unit else None


def colour(worksheet: Any, sheet: ReturnSheet, first: int, last: int, nil: str) -> None:
    """Yellow: required and blank. Orange: far from last time, and nobody has said why."""
    letters = letters_of(sheet)
    key = f"${letters[sheet.contract.key[0]]}{first}"
    is_not_nil = f'{nil}<>"{YES}",' if sheet.contract.nil_allowed else ""
    for name in _required(sheet):
        blank = f'AND({is_not_nil}{key}<>"",${letters[name]}{first}="")'
        _when(worksheet, letters[name], first, last, blank, YELLOW)
    given = [f'${letters[name]}{first}<>""' for name in _required(sheet)]
    if given:  # a row of one's own whose reference was forgotten
        forgotten = f'AND({is_not_nil}{key}="",OR({",".join(given)}))'
        _when(worksheet, letters[sheet.contract.key[0]], first, last, forgotten, YELLOW)
    why = next((what.name for what in sheet.fields if what.column and what.column.explains), None)
    if why is None:
        return
    conditions = []
    for what in sheet.fields:
        past = letters.get(f"last:{what.name}")
        if past is None or what.column is None or what.column.last_time != "compare":
            continue
        now, before = f"${letters[what.name]}{first}", f"${past}{first}"
        is_far = f"ABS({now}-{before})>ABS({before})*{sheet.change_pct / 100:g}"
        is_mute = f'${letters[why]}{first}=""'
        conditions.append(f"IF(AND(ISNUMBER({now}),ISNUMBER({before}),{is_mute}),{is_far},FALSE)")
        _when(worksheet, letters[what.name], first, last, conditions[-1], ORANGE)
    if conditions:
        _when(worksheet, letters[why], first, last, f"OR({','.join(conditions)})", ORANGE)


def _when(worksheet: Any, letter: str, first: int, last: int, condition: str, fill: str) -> None:
    rule = FormulaRule(formula=[condition], fill=filled(fill))
    worksheet.conditional_formatting.add(f"{letter}{first}:{letter}{last}", rule)
