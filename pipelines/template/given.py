"""A return's sheet with values that are given, and what a reply says of each of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.contract import Contract
from pipelines.framework.references import References
from pipelines.template.draw import Drawn, draw_sheet
from pipelines.template.fields import fields_of, lists_of
from pipelines.template.lists import Lists
from pipelines.template.model import Field, Mark, ReturnSheet, Row, Written
from pipelines.template.sheets import SPARE_ROWS
from pipelines.template.words import QUERY, START

QUERY_WIDTH = 22
LONGEST_TITLE = 31  # characters, Excel's limit


def add_return(
    workbook: Any,
    contract: Contract,
    rows: Sequence[Mapping[str, Any]],
    marks: Mapping[tuple[int, str], Mark],
    references: References,
    *,
    partner: str,
    quarter: str,
    sheet_name: str | None = None,
    is_nil: bool = False,
    back_to: str = START,
    spare_rows: int = SPARE_ROWS,
) -> Drawn:
    """Add a sheet with a return's rows as values to be written, and what a reply says of each cell.

    `rows` are column → text, number or date as it shall stand there; `marks` are by row number from 0 and column.
    `partner` is its name and `quarter` its label, as they stand above the table; `back_to` is the sheet that the
    link leads back to. The result has the place of each cell, and results that `ooxml.to_bytes` wants.
    """
    fields = fields_of(contract, {}, with_guides=False)
    fields.insert(1, Field("query", QUERY, QUERY_WIDTH))
    lines = [
        _row(row, {c: mark for (line, c), mark in marks.items() if line == n}) for n, row in enumerate(rows)
    ]
    spare = [Row(is_spare=True, is_expected=False)] * spare_rows
    sheet = ReturnSheet(
        contract=contract,
        title=(sheet_name or contract.title)[:LONGEST_TITLE],
        fields=fields,
        rows=[*lines, *spare],
        partner_name=partner,
        quarter_label=quarter,
        lists=lists_of(contract, references, ()),
        is_nil=is_nil,
        back_to=back_to,
        what_to_do=f"Cells with a thick border are asked about: see '{QUERY}' and the notes. Grey cells are locked.",
    )
    return draw_sheet(workbook, sheet, Lists(workbook))


def _row(row: Mapping[str, Any], marks: Mapping[str, Mark]) -> Row:
    values = {
        name: value if isinstance(value, Written) else Written(value)
        for name, value in row.items()
        if value is not None and value != ""
    }
    if asked := sorted({mark.number for mark in marks.values() if mark.number is not None}):
        values["query"] = Written(" ".join(f"[query {number}]" for number in asked))
    return Row(values, marks=marks, is_given=True)
