"""Number formats and colours of cells, as a workbook's styles and theme have them; and the cells that wear them."""

import pytest
from openpyxl import Workbook
from openpyxl.styles import Color, Font, PatternFill
from workbooks import HEAD, MAIN, STYLES_LINK, parts, sheet, write

from pipelines.workbook import open_book
from pipelines.workbook.limits import Limits
from pipelines.workbook.preflight import open_package
from pipelines.workbook.reader import Reader
from pipelines.workbook.styles import read_styles, tinted


def fills_of(tmp_path, *colours: Color | str, pattern: str = "solid") -> dict[str, str]:
    """The colours that are read of cells A1, B1 … so filled."""
    book = Workbook()
    book.active["A2"] = "a value"
    for column, colour in enumerate(colours, 1):
        book.active.cell(1, column).fill = PatternFill(pattern, fgColor=colour)
        book.active.cell(2, column).value = 1
    book.save(tmp_path / "return.xlsx")
    fills = open_book(tmp_path / "return.xlsx", "return.xlsx").sheets[0].fills
    return {f"{'ABCDEFGH'[column]}{row + 1}": colour for (row, column), colour in fills.items()}


def test_colours_in_each_of_the_ways_that_a_style_names_them(tmp_path):
    """As Excel shows them with the Office theme: accent 6 is F79646 there, text and background are swapped."""
    assert fills_of(
        tmp_path,
        "FFFF0000",
        Color(indexed=11),
        Color(theme=9),
        Color(theme=1),
        Color(theme=4, tint=0.5),
        Color(theme=0, tint=-0.5),
    ) == {
        "A1": "FF0000",
        "B1": "00FF00",
        "C1": "F79646",
        "D1": "000000",
        "E1": "A7C0DE",
        "F1": "808080",
    }


def test_white_and_patterns_are_no_colours(tmp_path):
    assert fills_of(tmp_path, "FFFFFFFF", Color(theme=0), Color(indexed=9)) == {}
    assert fills_of(tmp_path, "FFFF0000", pattern="lightGrid") == {}


@pytest.mark.parametrize(
    ("colour", "tint", "expected"),
    [
        ("4F81BD", 0.0, "4F81BD"),
        ("4F81BD", -0.25, "366092"),
        ("4F81BD", 0.8, "DCE6F1"),
        ("000000", 0.5, "808080"),
        ("FFFFFF", -1.0, "000000"),
        ("no colour", 0.5, None),
    ],
)
def test_tints(colour, tint, expected):
    found = tinted(colour, tint)
    if expected is None:
        assert found is None
    else:  # Excel counts in steps of 1/240 and may differ by one in 255
        pairs = zip(bytes.fromhex(found), bytes.fromhex(expected), strict=True)
        assert all(abs(one - other) <= 2 for one, other in pairs), found


def test_a_palette_of_the_workbooks_own_and_a_theme_that_is_broken(tmp_path):
    fills = (
        '<fills><fill><patternFill patternType="solid"><fgColor indexed="10"/></patternFill></fill>'
        '<fill><patternFill patternType="solid"><fgColor theme="4"/></patternFill></fill></fills>'
        '<cellXfs><xf numFmtId="9" fillId="0"/><xf fillId="1"/><xf fillId="9"/></cellXfs>'
        "<colors><indexedColors>" + '<rgbColor rgb="00123456"/>' * 11 + "</indexedColors></colors>"
    )
    made = parts({"Data": sheet("")}, more=[STYLES_LINK, ("rId5", "theme", "theme.xml")])
    made |= {
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}">{fills}</styleSheet>',
        "xl/theme.xml": "<broken",
    }
    package = open_package(write(tmp_path / "return.xlsx", made), "return.xlsx")
    assert read_styles(package, "xl/styles.xml", "xl/theme.xml") == [
        ("0%", "123456", False),
        (None, None, False),
        (None, None, False),
    ]


def test_colours_far_from_the_table_are_left_out_and_too_many_are_refused(tmp_path):
    book = Workbook()
    red = PatternFill("solid", fgColor="FFFF0000")
    book.active["A1"] = 1
    for place in ("B1", "A2", "B2", "C1", "A3", "Z99"):
        book.active[place].fill = red
    path = tmp_path / "return.xlsx"
    book.save(path)
    [data] = open_book(path, "return.xlsx").sheets
    assert set(data.fills) == {(0, 1), (1, 0), (1, 1)}
    with pytest.raises(Exception, match="brings the file to over 2 coloured cells"):
        open_book(path, "return.xlsx", limits=Limits(fills=2))


def test_places_that_a_formula_worked_out_also_where_it_shows_nothing(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><v>3</v></c>'
        '<c r="D1"><f t="shared" si="0"/><v>4</v></c><c r="E1"><f>F1</f></c></row>'
    )
    path = write(tmp_path / "return.xlsx", parts({"Data": sheet(rows)}))
    [data] = open_book(path, "return.xlsx").sheets
    assert data.formulas == {(0, 0), (0, 1), (0, 3), (0, 4)}
    assert [cell.address for cell in data.cells.values()] == ["A1", "C1", "D1", "E1"]


def test_text_that_is_struck_through_but_no_blank(tmp_path):
    book = Workbook()
    for place, is_struck in (("A1", True), ("B1", False), ("C1", None), ("A3", True)):
        book.active[place] = 290
        book.active[place].font = Font(strike=is_struck)
    book.active["B3"].font = Font(strike=True)
    book.save(tmp_path / "return.xlsx")
    with Reader() as reader:  # it passes from one process to the other too
        [data] = reader.read(tmp_path / "return.xlsx", "return.xlsx").sheets
    assert data.struck == {(0, 0), (2, 0)}
