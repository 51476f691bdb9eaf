"""The sheet 'Start' of a new framework: what to fill in, in which order, and what comes then."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from openpyxl.styles import Alignment

from pipelines.contract import Contract
from pipelines.house_style.look import BOLD, set_up_page
from pipelines.new.order import NEEDED, Group
from pipelines.template.styles import heading, link, text
from pipelines.template.words import WHERE_TO_START

INTRODUCTION = (
    "This workbook is the partnership's framework: what is to be reached, and who sends what. Fill in its sheets in "
    "the order below; a sheet refers only to those before it.",
    "Columns that end in 'ref' are short names of your own, without spaces. Other sheets name the row by it.",
    "Sheets that you have nothing for stay as they are. Do not change headings; rows can be added and sorted.",
)
AFTERWARDS = (
    "Save and close this workbook. Then, where the pipeline is installed:",
    "lsp check data/raw/framework/framework.xlsx says what is still missing or wrong, and on which sheet.",
    "lsp templates 2026-27-Q1 (your own quarter) makes the returns for each partner to fill in.",
    "Put what partners send into data/raw, in a folder named after the quarter. lsp run reads them and makes the pack.",
)
WIDTHS: list[float] = [34, 74, 16]
LONGEST = 118  # characters of a line over all columns
WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True)
HEADINGS = ("Sheet", "What it is for", "Rows filled in")


class Listed(NamedTuple):
    """A sheet as it is listed: its name, where its refs stand, and how many rows it has from the start."""

    title: str
    refs: str
    begun: int


def draw_start(
    sheet: Any, groups: Sequence[tuple[Group, Sequence[Contract]]], listed: Mapping[str, Listed]
) -> dict[str, float]:
    """Write the sheet; the results of its formulas, by cell."""
    heading(sheet, "A1", WHERE_TO_START)
    set_up_page(sheet, WIDTHS)
    line = _sentences(sheet, 2, INTRODUCTION)
    results: dict[str, float] = {}
    for number, (group, contracts) in enumerate(groups):
        line += 1
        heading(sheet, f"A{line}", group.title, "heading")
        needed = "Needed. " if number < NEEDED else ""
        line = _sentences(sheet, line + 1, (f"{needed}{group.advice}",))
        for column, words in enumerate(HEADINGS, start=1):
            text(sheet.cell(line, column), words, BOLD)
        for contract in contracts:
            line += 1
            title, refs, begun = listed[contract.full_name]
            link(sheet.cell(line, 1), title, title)
            words = contract.grain if title == contract.title else f"{contract.title}: {contract.grain}"
            text(sheet.cell(line, 2), f"{words[0].upper()}{words[1:]}.").alignment = WRAPPED
            sheet.cell(line, 3, f"=COUNTA({refs})").alignment = WRAPPED
            results[f"C{line}"] = begun
        line += 1
    heading(sheet, f"A{line + 1}", "And then", "heading")
    _sentences(sheet, line + 2, AFTERWARDS)
    return results


def _sentences(sheet: Any, line: int, sentences: Sequence[str]) -> int:
    """Each on a line of its own, across the columns; the line after them."""
    for sentence in sentences:
        for part in textwrap.wrap(sentence, LONGEST):
            text(sheet.cell(line, 1), part)
            line += 1
    return line
