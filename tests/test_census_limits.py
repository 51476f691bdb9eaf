"""Workbooks that the census refuses: damaged, made to mislead, or larger than we take."""

import pytest
from workbooks import one_sheet, parts, sheet, write

from pipelines.cells import Unreadable
from pipelines.workbook.census import take_census
from pipelines.workbook.limits import LIMITS, Limits
from pipelines.workbook.preflight import open_package


def refusal(tmp_path, made, limits: Limits = LIMITS) -> str:
    path = write(tmp_path / "return.xlsx", made)
    with pytest.raises(Unreadable) as sentence:
        take_census(open_package(path, "return.xlsx", limits))
    return str(sentence.value)


SHARED = ["<t>police</t>"]
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            FAR,
            'return.xlsx is too large, its sheet "Data" reaches 1,048,576 rows down and 16,384 columns '
            "across: delete what lies far from the table and send it again.",
        ),
        (
            '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
            'its sheet "Data" gives one cell twice',
        ),
        ('<row r="1"><c r="A0"><v>1</v></c></row>', 'its sheet "Data" names "A0", a place that no sheet has'),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', 'names "XFE1", a place that no sheet has'),
        ('<row r="1048577"/>', 'names "1048577", a place that no sheet has'),
        ('<row r="1048576"/><row/>', 'names "1048577", a place that no sheet has'),
        ('<row r="1"><c r="XFD1"/><c/></row>', 'names "16385", a place that no sheet has'),
        ('<row r="x"/>', 'names "x", a place that no sheet has'),
        ('<row r="1"><c t="s"><v>5</v></c></row>', 'a text of its sheet "Data" is missing'),
        ('<row r="1"><c t="s"><v>-1</v></c></row>', 'a text of its sheet "Data" is missing'),
        (f'<row r="1"><c t="s"><v>{"9" * 5000}</v></c></row>', 'a text of its sheet "Data" is missing'),
        (
            f'<row r="1"><c t="str"><v>{"x" * 65_536}</v></c></row>',
            'its sheet "Data" has a cell of 65,536 characters: shorten it',
        ),
    ],
)
def test_sheets_that_are_refused(tmp_path, rows, sentence):
    assert sentence in refusal(tmp_path, one_sheet(rows, shared=SHARED))


def test_a_shared_text_counts_with_every_cell_that_shows_it(tmp_path):
    three = '<row r="1">' + '<c t="s"><v>0</v></c>' * 3 + "</row>"
    found = 'its sheet "Data" brings the file to over 17 characters: shorten its texts and send it again'
    assert found in refusal(tmp_path, one_sheet(three, shared=SHARED), Limits(text=17))


def test_a_shared_text_longer_than_a_cell_can_hold(tmp_path):
    one = '<row r="1"><c t="s"><v>0</v></c></row>'
    found = 'its sheet "Data" has a cell of 65,536 characters: shorten it and send it again'
    assert found in refusal(tmp_path, one_sheet(one, shared=[f"<t>{'x' * 65_536}</t>"]))


@pytest.mark.parametrize(
    ("limit", "found"),
    [
        (
            "cells",
            "brings the file to over 3 cells: delete unused rows, columns and sheets and send it again",
        ),
        ("grid", "reaches 2 rows down and 2 columns across: delete what lies far from the table"),
        ("merges", "has over 3 merged cells"),
    ],
)
def test_the_limits_hold_for_all_sheets_together(tmp_path, limit, found):
    rows = '<row r="1"><c r="A1"/></row><row r="2"><c r="B2"><v>1</v></c></row>'
    merges = "<mergeCells>" + '<mergeCell ref="A1:B1"/>' * 4 + "</mergeCells>"
    both = {"One": sheet(rows), "Two": sheet(rows, after=merges)}
    assert found in refusal(tmp_path, parts(both), Limits(**{limit: 3}))


RELS, BOOK = "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
LISTED, LAST = '<sheet name="Data" sheetId="1" r:id="rId1"/>', "</sheets>"


@pytest.mark.parametrize(
    ("part", "old", "new", "sentence"),
    [
        (RELS, 'Id="rId1"', 'Id="other"', 'its sheet "Data" points to no part of the file'),
        (RELS, "sheet1.xml", "sheet7.xml", "its part xl/worksheets/sheet7.xml is missing"),
        ("_rels/.rels", "xl/workbook.xml", "xl/book.xml", "its part xl/book.xml is missing"),
        (BOOK, LISTED, "", "is an empty workbook without a sheet"),
        (BOOK, LAST, f'<sheet name="DATA" r:id="rId1"/>{LAST}', "two of its sheets have the same name"),
        (BOOK, LAST, '<sheet name="More"/>' * 200 + LAST, "has 201 sheets and we take 200"),
        ("xl/styles.xml", "0.0%", "[" * 1_001, "one of its number formats has 1,001 characters"),
    ],
)
def test_workbooks_that_are_refused(tmp_path, part, old, new, sentence):
    made = one_sheet("<row><c><v>1</v></c></row>", formats=["0.0%"])
    assert old in str(made[part])
    assert sentence in refusal(tmp_path, {**made, part: str(made[part]).replace(old, new)})
