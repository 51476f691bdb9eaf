"""The framework workbook of a new partnership: a sheet to start from, then each sheet with headings, lists and help.

Everything but the order is from the contracts: headings, what goes into a column, the lists to choose from, the rows
that a sheet begins with.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname

from pipelines.cells import NOTES_BY
from pipelines.contract import Column, Contract
from pipelines.framework.measure_settings import SETTINGS
from pipelines.framework.rule_limits import LIMITS
from pipelines.house_style.look import BODY, FACE, INK, SIZE, new_workbook, set_up_page
from pipelines.house_style.ooxml import to_bytes
from pipelines.new.order import in_order
from pipelines.new.start import Listed, draw_start
from pipelines.template.checks import message, validation
from pipelines.template.lists import Lists
from pipelines.template.styles import GRID, LINE, PADDING, filled, heading, lines_of, link, text
from pipelines.template.values import FIGURES, format_of
from pipelines.template.words import START

HEAD, FIRST, LAST = 4, 5, 400  # the line of the headings, and the lines that lists and help are for
TO_FILL, NEEDED_FILL, OPTIONAL_FILL = "FFF2CC", "12436D", "E6EDF3"
WHITE, DARK = Font(name=FACE, size=SIZE, bold=True, color="FFFFFFFF"), Font(name=FACE, size=SIZE, color=INK)
LEGEND = (
    "Bold white headings on blue must be filled in for every row; the others where they apply. Click into a cell to "
    "see what belongs there."
)
BEGINNING = "Where every new framework begins"
MADE_ON = date(2000, 1, 1)  # no clock enters a workbook of ours
WIDE, NARROW = 44, 14  # of columns, in digits


def draw(contracts: Mapping[str, Contract]) -> bytes:
    """The workbook as a file."""
    book = new_workbook("Framework", "What the partnership is to reach, and who sends what", NOTES_BY)
    groups = in_order(contracts)
    start = book.create_sheet(START)
    sheets = {c.full_name: book.create_sheet(_title(c)) for _, its in groups for c in its}
    lists = Lists(book)
    titles = {name: sheet.title for name, sheet in sheets.items()}
    listed = {}
    for full_name, sheet in sheets.items():
        contract = contracts[full_name]
        begun = _draw_sheet(sheet, contract, contracts, titles, lists)
        listed[full_name] = Listed(sheet.title, key_range(contract, sheet.title), begun)
    results = draw_start(start, groups, listed)
    return to_bytes(book, (), MADE_ON, {START: results})


def _title(contract: Contract) -> str:
    """A sheet's name may have up to 31 characters: where the title has more, the plain name of what it holds."""
    return contract.title if len(contract.title) <= 31 else contract.name.replace("_", " ").capitalize()


def _draw_sheet(
    sheet: Any, contract: Contract, contracts: Mapping[str, Contract], titles: Mapping[str, str], lists: Lists
) -> int:
    """One sheet of the framework; how many rows it begins with."""
    heading(sheet, "A1", contract.title)
    link(sheet["A2"], f"Back to {START}", START)
    text(sheet["B2"], f"{contract.grain[0].upper()}{contract.grain[1:]}. {LEGEND}")
    set_up_page(sheet, [_width(column) for column in contract.columns])
    for number, column in enumerate(contract.columns, start=1):
        head = text(sheet.cell(HEAD, number), column.header, WHITE if column.required else DARK)
        head.fill = filled(NEEDED_FILL if column.required else OPTIONAL_FILL)
        head.alignment, head.border = Alignment(wrap_text=True, vertical="top"), GRID
        head.comment = Comment(message(column, contract), NOTES_BY, width=320, height=120)
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].number_format = format_of(column)
        sheet.column_dimensions[letter].font = BODY
        check = validation(
            column,
            contract,
            f"{letter}{FIRST}",
            choices=_choices(column, contracts, titles, lists),
            is_only_expected=not column.choices,
        )
        check.add(f"{letter}{FIRST}:{letter}{LAST}")
        sheet.add_data_validation(check)
    rows = starting_rows(contract)
    for line, row in enumerate(rows, start=FIRST):
        for number, column in enumerate(contract.columns, start=1):
            cell = sheet.cell(line, number, row.get(column.name))
            cell.font, cell.border = BODY, GRID
            cell.number_format = format_of(column) if column.type in FIGURES else "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column.required and column.name not in row:
                cell.fill = filled(TO_FILL)
        needed = (lines_of(str(row.get(c.name, "")), _width(c)) for c in contract.columns)
        sheet.row_dimensions[line].height = LINE * max(needed) + PADDING
    sheet.freeze_panes = f"A{FIRST}"
    return len(rows)


def starting_rows(contract: Contract) -> list[dict[str, Any]]:
    """The rows that a sheet begins with; the settings have those of the rules and measures too."""
    rows = [dict(row) for row in contract.starts_with]
    if contract.full_name == "framework.settings":
        rows += [
            {"setting_id": name, "value": limit.default, "meaning": limit.meaning, "basis": BEGINNING}
            for name, limit in (LIMITS | SETTINGS).items()
        ]
    return rows


def _choices(
    column: Column, contracts: Mapping[str, Contract], titles: Mapping[str, str], lists: Lists
) -> str | None:
    """The range that a value is chosen from: the contract's own words, or the refs of another sheet."""
    if column.choices:
        return lists.range_of(column.header, column.choices)
    if column.name == "return_name":
        returns = sorted(contract.name for contract in contracts.values() if not contract.is_framework)
        return lists.range_of(column.header, returns)
    return key_range(contracts[column.entity], titles[column.entity]) if column.entity else None


def key_range(contract: Contract, title: str) -> str:
    """Where the refs of a sheet stand."""
    letter = get_column_letter(list(contract.by_name).index(contract.key[0]) + 1)
    return f"{quote_sheetname(title)}!${letter}${FIRST}:${letter}${LAST}"


def _width(column: Column) -> float:
    if column.name in ("meaning", "wording", "title", "note", "reason", "rationale", "basis", "source"):
        return WIDE
    if column.name.endswith("_id") or column.name == "value":
        return 24
    return max(NARROW, min(26, len(column.header) + 3))
