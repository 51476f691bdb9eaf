"""The workbook as written: its rules, its bytes, and text that would like to be more than text."""

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from pack_marts import QUARTER, marts_of, sample

from pipelines.house_style.ooxml import LONGEST_TEXT, MARK, clean
from pipelines.pack import PackError, compose, write_pack
from pipelines.pack.layout import INDENT, Laid, lay_out
from pipelines.pack.lettering import digits, line_count, longest_word
from pipelines.pack.model import (
    Column,
    Figure,
    Heading,
    Pack,
    Paragraph,
    Rating,
    Sheet,
    Table,
    rating_columns,
)
from pipelines.pack.pages import page_ends, printed_scale, repeated_row
from pipelines.pack.render import draw

SCALE = {"G": Rating("G", "Green", 1, "●", "1B7F5C", "FFFFFF")}
PACK = Pack("A & B: pack", "Quarterly", "A & B", "run1", date(2004, 7, 14), SCALE)
HOSTILE = [
    '=HYPERLINK("http://example.org")', "+1+1", "-1+1", "@SUM(A1)", "=", "{=1}", "#REF!", "\t=1", "\r=1",
    "http://example.org", "<b>&amp;</b>", "a\x00b\x07c", "\ud800", "￿", "_x0041_", " spaced ", "line\nbreak", "'quoted",
]  # fmt: skip


def rendered(sheet: Sheet, pack: Pack = PACK) -> bytes:
    return draw(pack, [lay_out(sheet, pack.scale)], {})


def of_texts(texts: list[str]) -> Sheet:
    rows = [{"text": text} for text in texts]
    table = Table("T_1", "Texts", [Column("text", "Text")], rows, "None.")
    return Sheet("Contents", "Texts", [table], "Texts.")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "pack.xlsx"
    write_pack(compose(marts_of(sample()), QUARTER), path)
    return path


@pytest.fixture(scope="module")
def book(packed: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(packed)


def test_text_stays_text_whatever_it_begins_with() -> None:
    content = rendered(of_texts(HOSTILE))
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    cells = [sheet.cell(row, 1) for row in range(8, 8 + len(HOSTILE))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    xml = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[ />]", re.sub(r"<t [^>]*>.*?</t>", "", xml, flags=re.S))
    assert [cells[i].value for i in (0, 1, 6, 9, 10)] == [HOSTILE[i] for i in (0, 1, 6, 9, 10)]


def test_what_a_cell_cannot_hold_is_replaced_where_one_can_see_it() -> None:
    assert clean("a\x00b\x07c\x7f") == "a␀b␇c␡"
    assert clean("\ud800￿") == "��"
    assert clean("a\r\nb\rc") == "a\nb\nc"
    cut = clean("x" * (LONGEST_TEXT + 1))
    assert len(cut) == LONGEST_TEXT
    assert cut.endswith("(cut here: the text is longer than a cell can hold)")


def test_a_text_that_looks_like_an_escape_is_itself_escaped() -> None:
    xml = zipfile.ZipFile(BytesIO(rendered(of_texts(["_x0041_"])))).read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x0041_" in xml


def test_the_same_pack_gives_the_same_bytes(packed: Path, tmp_path: Path) -> None:
    write_pack(compose(marts_of(sample()), QUARTER), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == packed.read_bytes()
    assert [found.name for found in tmp_path.iterdir()] == ["again.xlsx"]


def test_no_part_of_the_file_knows_the_clock(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[1:] == sorted(archive.namelist()[1:])
        assert archive.read("docProps/core.xml").decode().count("2004-07-20T00:00:00Z") == 2


def test_more_links_than_excel_can_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.pack.render.MOST_LINKS", 0)
    with pytest.raises(PackError, match="Sheet Contents would have 1 links; Excel allows 0"):
        rendered(of_texts(["one"]))


def test_an_ampersand_in_a_footer_is_no_code() -> None:
    sheet = openpyxl.load_workbook(BytesIO(rendered(of_texts(["one"])))).worksheets[0]
    assert sheet.oddFooter.left.text == "A && B: Contents"


def test_document_properties(book: openpyxl.Workbook) -> None:
    about = book.properties
    assert about.title == "Salford & Partners: performance pack, Apr to Jun 2004"
    assert (about.creator, about.language) == ("Salford & Partners", "en-GB")
    assert {found.name: found.value for found in book.custom_doc_props.props} == {"lsp_run_id": "0f3a9c"}


def test_it_opens_on_the_first_cell_of_the_first_sheet(book: openpyxl.Workbook) -> None:
    assert book.active is book.worksheets[0]
    assert [sheet.sheet_view.tabSelected for sheet in book].count(True) == 1
    assert all(sheet.sheet_view.selection[0].activeCell == "A1" for sheet in book)


def tables(sheet: Worksheet) -> list[tuple[int, int, int, int]]:
    return sorted((range_boundaries(table.ref) for table in sheet.tables.values()), key=lambda box: box[1])


def test_the_first_rows_of_every_sheet(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet["A1"].style == "Headline 1"
        count = re.match(r"This worksheet contains (\d+) table", sheet["A2"].value)
        assert count and int(count[1]) == len(sheet.tables)
        assert "horthand" in sheet["A3"].value
        assert sheet["A4"].hyperlink.location in ("'Contents'!A1", "'Cover'!A1")


def test_headings_are_tagged_so_that_a_screen_reader_finds_them(
    packed: Path, book: openpyxl.Workbook
) -> None:
    styles = zipfile.ZipFile(packed).read("xl/styles.xml").decode()
    assert re.search(r'<cellStyle name="Headline 1"[^>]* builtinId="16"', styles)
    assert re.search(r'<cellStyle name="Headline 2"[^>]* builtinId="17"', styles)
    for sheet in book:
        for _, first_row, _, _ in tables(sheet):
            row = first_row - 1
            while sheet.cell(row, 1).style != "Headline 2":  # sentences about its rows may stand between
                assert sheet.cell(row, 1).value and sheet.cell(row, 2).value is None, (sheet.title, row)
                row -= 1


def test_tables_are_whole(book: openpyxl.Workbook) -> None:
    names = [name for sheet in book for name in sheet.tables]
    assert len(names) == len({name.casefold() for name in names})
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        last = 0
        for first_column, first_row, last_column, last_row in tables(sheet):
            assert first_column == 1
            assert first_row > last + 1, "tables must not touch"
            last = last_row
            for row in range(first_row, last_row + 1):
                assert any(sheet.cell(row, column).value is not None for column in range(1, last_column + 1))
        for table in sheet.tables.values():
            left, top, right, _ = range_boundaries(table.ref)
            headings = [sheet.cell(top, column).value for column in range(left, right + 1)]
            assert [column.name for column in table.tableColumns] == headings
            assert table.autoFilter is None


def test_nothing_stands_below_the_last_table_of_a_tidy_sheet(book: openpyxl.Workbook) -> None:
    for sheet in book:
        if sheet.title.startswith("Data_") or sheet.title == "Provenance":
            assert tables(sheet)[-1][3] == sheet.max_row


def test_every_link_leads_to_a_cell_that_holds_something(book: openpyxl.Workbook) -> None:
    links = [(sheet, cell) for sheet in book for row in sheet for cell in row if cell.hyperlink]
    assert len(links) > 300
    for _, cell in links:
        assert cell.hyperlink.target is None, "a link that leaves the workbook"
        name, address = re.fullmatch(r"'(.+)'!([A-Z]+\d+)", cell.hyperlink.location).groups()
        assert book[name][address].value


def test_an_empty_cell_of_a_tidy_sheet_is_no_link() -> None:
    rows = [{"value": Figure(value, ("m:1:value",))} for value in (None, 5)]
    table = Table("Data_1", "Values", [Column("value", "Value", "number")], rows, "None.", "m")
    laid = lay_out(Sheet("Contents", "Data", [table], "Data.", is_tidy=True), SCALE)
    first = laid.places[0].first_row + 1
    sources = {("Contents", f"A{first + n}"): "'Contents'!A1" for n in range(2)}
    with zipfile.ZipFile(BytesIO(draw(PACK, [laid], sources))) as parts:
        # openpyxl fills an empty cell with where its link leads, so the file itself is read
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert f'ref="A{first + 1}"' in sheet and f'ref="A{first}"' not in sheet


def test_a_figure_leads_to_its_own_first_line_on_provenance(book: openpyxl.Workbook) -> None:
    source = book["Provenance"]
    seen = 0
    for sheet in book:
        for row in sheet:
            for cell in row:
                if cell.hyperlink and "Provenance'!A" in cell.hyperlink.location and sheet.title != "Cover":
                    line = int(cell.hyperlink.location.rsplit("A", 1)[1])
                    if line == 1:
                        continue
                    assert source.cell(line, 1).value == sheet.title
                    # a word of a rating leads to the source of the coloured cell before it
                    assert source.cell(line, 2).value in (cell.coordinate, cell.offset(0, -1).coordinate)
                    assert source.cell(line, 5).value == 1
                    seen += 1
    assert seen > 250


def test_print_set_up(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.print_title_rows and sheet.print_area
        assert sheet.oddFooter.center.text == "Page &P of &N"
        assert sheet.oddFooter.right.text == "Run 0f3a9c"


def test_ratings_show_colour_shape_letter_and_word(book: openpyxl.Workbook) -> None:
    row = next(
        row
        for row in book["Summary"].iter_rows()
        if row[1].value == "Under-18 conception rate, per 1,000 women aged 15-17"
    )
    rating, word = row[2], row[3]
    assert (rating.value, word.value) == ("■ R", "Red")
    assert (rating.fill.fgColor.rgb, rating.font.color.rgb) == ("FF7B1113", "FFFFFFFF")
    assert rating.border.left.style == rating.border.bottom.style == "thin"
    unrated = next(
        row for row in book["Summary"].iter_rows() if row[1].value == "Vehicle crime, per 1,000 households"
    )
    assert (unrated[2].value, unrated[3].value) == ("[c]", "No rating")
    assert unrated[2].fill.fill_type is None


def test_numbers_are_numbers_and_text_is_wrapped_in_arial(book: openpyxl.Workbook) -> None:
    sheet = book["Data_Spend"]
    first = tables(sheet)[0][1] + 1
    headings = [cell.value for cell in sheet[first - 1]]
    allocation = sheet.cell(first, headings.index("Allocation") + 1)
    assert (allocation.value, allocation.data_type, allocation.number_format) == (
        240000,
        "n",
        "£#,##0_)_);-£#,##0_)_)",
    )
    for page in book:
        for _, top, _, bottom in tables(page):
            for cell in (cell for row in page[top:bottom] for cell in row if cell.value is not None):
                assert (cell.font.name, cell.font.size) == ("Arial", 12)
                assert (
                    cell.data_type in ("n", "d")
                    or cell.alignment.wrap_text
                    or cell.alignment.horizontal == "right"
                )


def test_tidy_sheets_hold_no_text_among_numbers_and_no_colour(book: openpyxl.Workbook) -> None:
    for name in ("Data_Progress", "Data_Proxies", "Data_Spend"):
        sheet = book[name]
        (_, top, right, bottom) = tables(sheet)[0]
        for column in range(1, right + 1):
            cells = [sheet.cell(row, column) for row in range(top + 1, bottom + 1)]
            kinds = {cell.data_type for cell in cells if cell.value is not None}
            assert len(kinds) <= 1, f"{name} {sheet.cell(top, column).value} mixes {kinds}"
            assert all(cell.fill.fill_type is None for cell in cells)


def test_an_empty_table_is_a_sentence() -> None:
    table = Table("T_1", "Nothing", [*rating_columns("rating", "Rating")], [], "There is nothing.")
    sheet = Sheet("Contents", "Nothing", [Paragraph("One line."), table], "Nothing.")
    found = openpyxl.load_workbook(BytesIO(rendered(sheet))).worksheets[0]
    assert not found.tables
    assert [found[address].value for address in ("A2", "A7", "A8")] == [
        "This worksheet contains no tables.",
        "Nothing",
        "There is nothing.",
    ]


@pytest.fixture(scope="module")
def printed(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack as LibreOffice prints it."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice (soffice) is not installed here")
    place = tmp_path_factory.mktemp("printed")
    home = f"-env:UserInstallation=file://{place}/home"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(place), str(packed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (place / "pack.pdf").exists(), done.stderr
    return place / "pack.pdf"


def test_libreoffice_opens_it_and_prints_each_sheet_on_the_pages_it_is_meant_for(printed: Path) -> None:
    meant = {laid.sheet.name: len(page_ends(laid)) + 1 for laid in compose(marts_of(sample()), QUARTER).laid}
    assert meant["Summary"] == meant["Cover"] == meant["Data_Progress"] == 1 < meant["FT_H4"]
    assert len(re.findall(rb"/Type\s*/Page[\s/>]", printed.read_bytes())) == sum(meant.values())


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler (pdftoppm) is not installed here")
def test_the_course_of_each_measure_is_seen_on_paper(printed: Path, packed: Path) -> None:
    """The latest column of each is the only thing in its colour on Summary: of lines there was but a speck."""
    where = re.findall(
        r"<sheet [^>]*name=\"([^\"]+)\"", zipfile.ZipFile(packed).read("xl/workbook.xml").decode()
    )
    number = str(where.index("Summary") + 1)
    dots = 72
    made = subprocess.run(
        ["pdftoppm", "-r", str(dots), "-f", number, "-l", number, str(printed)],
        capture_output=True,
        check=True,
    ).stdout
    pixels = made.split(b"\n", 3)[3]
    orange = bytes.fromhex(MARK[2:])
    seen = sum(
        all(abs(a - b) < 24 for a, b in zip(pixels[at : at + 3], orange, strict=True))
        for at in range(0, len(pixels), 3)
    )
    measures = compose(marts_of(sample()), QUARTER).charts
    drawn = sum(bool([point for point in chart.points if point.value is not None]) for chart in measures)
    assert seen > 20 * drawn > 0, f"{seen} dots for {drawn} measures"


def test_a_long_table_is_written_as_one_whose_cells_are_all_made() -> None:
    columns = [
        Column("text", "Text", missing="z"),
        Column("number", "Number", "number", 9),
        Column("at", "At", "moment"),
        Column("on", "On", "date", is_figure=False),
        Column("money", "Money", "money", is_figure=False),
        Column("never", "Never"),
    ]
    texts = [*HOSTILE, None, "[c] and more", "long words " * 40, "", *map(str, range(1200))]
    rows = [
        {
            "text": text,
            "number": None if number % 7 == 3 else number / 4,
            "at": None if number % 5 == 0 else datetime(2004, 7, 1, number % 24),
            "on": date(2004, 7, 1 + number % 30),
            "money": 1 if number % 2 else 1.0,
            "never": None,
        }
        for number, text in enumerate(texts)
    ]
    # on a sheet before it the same, so that styles have the same numbers
    before = lay_out(
        Sheet("Contents", "T", [Table("T_0", "T", columns, rows[:40], "None.")], "T.", is_tidy=True), SCALE
    )

    def written(*, is_long: bool) -> bytes:
        table = Table("T_1", "T", columns, rows, "None.", is_long=is_long)
        return draw(PACK, [before, lay_out(Sheet("Long", "T", [table], "T.", is_tidy=True), SCALE)], {})

    one_by_one, at_once = written(is_long=False), written(is_long=True)
    assert at_once == one_by_one


def test_the_table_that_may_have_most_rows_is_a_long_one() -> None:
    composed = compose(marts_of(sample()), QUARTER)
    (page,) = [laid for laid in composed.laid if laid.sheet.name == "Provenance"]
    assert len(page.places[0].table.rows) > 100
    assert {cell.row for cell in page.cells} == {1, 2, 3, 4, 6, 7}, "or its cells are made after all"


# On paper


def test_a_title_is_printed_whole_however_narrow_the_table(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        _, _, last, _ = range_boundaries(sheet.print_area.partition("!")[2].replace("$", ""))
        letters = [openpyxl.utils.get_column_letter(n) for n in range(1, last + 1)]
        width = sum(sheet.column_dimensions[x].width if x in sheet.column_dimensions else 9 for x in letters)
        assert width >= 1.5 * len(str(sheet["A1"].value)), sheet.title


def test_a_table_is_not_parted_from_its_heading() -> None:
    tables = [
        Table(f"T_{n}", f"Table {n}", [Column("text", "Text")], [{"text": "x"}] * 11, "None.")
        for n in range(9)
    ]
    laid = lay_out(Sheet("Contents", "Texts", tables, "Texts."), SCALE)
    ends = page_ends(laid)
    assert ends
    parted = {row for place in laid.places for row in range(place.first_row - 1, place.first_row + 3)}
    assert not parted & set(ends)
    book = openpyxl.load_workbook(BytesIO(draw(PACK, [laid], {})))
    assert [stop.id for stop in book.worksheets[0].row_breaks.brk] == ends


def on_pages(laid: Laid, table: int) -> int:
    """On how many pages a table of a sheet is."""
    place = laid.places[table]
    return 1 + sum(place.first_row <= end < place.last_row for end in page_ends(laid))


@pytest.mark.parametrize(
    ("above", "rows", "pages"), [(12, 18, 1), (2, 20, 1), (2, 30, 2), (12, 30, 2), (0, 22, 2)]
)
def test_a_table_that_a_page_holds_is_on_one_unless_the_page_before_were_empty(
    above: int, rows: int, pages: int
) -> None:
    tables = [
        Table(f"T_{n}", f"Table {n}", [Column("text", "Text")], [{"text": "x"}] * count, "None.")
        for n, count in enumerate(filter(None, (above, rows, 2)))
    ]
    laid = lay_out(Sheet("Contents", "Texts", tables, "Texts."), SCALE)
    assert on_pages(laid, 1 if above else 0) == pages


@pytest.mark.parametrize(
    ("rows", "headings", "repeated"),
    [
        ((3, 90), "TO", 1), ((90, 3), "TO", None), ((90, 90), "TO", None), ((90,), "T", 0), ((3, 3), "TT", None),
        ((90, 3), "TT", 0), ((3, 90, 3, 90), "OTTT", 1), ((3, 90, 3, 90), "TTOT", None),
    ],
)  # fmt: skip
def test_a_table_of_several_pages_has_its_headings_on_each_where_what_follows_has_the_same(
    rows: tuple[int, ...], headings: str, repeated: int | None
) -> None:
    """A sheet has but one row that is printed again, and it stands above other tables too."""
    tables = [
        Table(f"T_{n}", f"Table {n}", [Column("text", heading)], [{"text": "x"}] * count, "None.")
        for n, (count, heading) in enumerate(zip(rows, headings, strict=True))
    ]
    laid = lay_out(Sheet("Contents", "Texts", tables, "Texts."), SCALE)
    assert repeated_row(laid) == (1 if repeated is None else laid.places[repeated].first_row)


def test_notes_has_its_headings_on_every_page_of_its_long_tables() -> None:
    notes = next(laid for laid in compose(marts_of(sample()), QUARTER).laid if laid.sheet.name == "Notes")
    assert repeated_row(notes) == notes.place_of("Notes_methods").first_row


def test_no_heading_and_no_rating_has_a_word_that_is_broken() -> None:
    """Also in the wider bold of the face that stands in where there is no Arial."""
    for laid in compose(marts_of(sample()), QUARTER).laid:
        for place in laid.places:
            for column, width in zip(place.table.columns, laid.widths, strict=False):
                assert longest_word(column.heading) + INDENT <= width, (place.table.name, column.heading)
                if column.kind == "word":
                    assert digits("Amber/Green") + INDENT <= width, (place.table.name, column.heading)
    assert longest_word("Suggested by rule") == pytest.approx(digits("Suggested") * 1.18)


def test_what_is_said_of_rows_stands_between_title_and_headings_and_stays_with_them() -> None:
    said = ["One: " + "a sentence about the first row. " * 9, "Two: another."]
    long = [{"text": "x"}] * 18
    columns = [Column("text", "Text", width=60)]
    above = Table("T_1", "Above", columns, long, "None.")
    table = Table("T_2", "Told", columns, long[:14], "None.", notes=said)
    laid = lay_out(Sheet("Contents", "Texts", [above, table], "Texts."), SCALE)
    place = laid.place_of("T_2")
    lines = [cell.content.shown for cell in laid.cells if place.title_row < cell.row < place.first_row]
    assert " ".join(lines) == " ".join(" ".join(said).split())
    assert max(map(len, lines)) > 60 and len(lines) == place.first_row - place.title_row - 1
    assert page_ends(laid) == [place.title_row - 1] and not set(page_ends(laid)) & set(
        range(place.title_row, place.last_row)
    )
    # with so much to say that both don't fit on a page, the table still is on one, with its headings
    much = replace(table, notes=said * 4)
    laid = lay_out(Sheet("Contents", "Texts", [much, above], "Texts."), SCALE)
    assert laid.place_of("T_2").first_row - 1 in page_ends(laid) and on_pages(laid, 0) == 1
    empty = lay_out(
        Sheet("Contents", "Texts", [Table("T", "Told", columns, [], "None.", notes=said)], "T."), SCALE
    )
    assert "One:" not in " ".join(cell.content.shown for cell in empty.cells)


def test_no_heading_stands_alone_at_the_foot_of_a_page() -> None:
    for rows in range(60):
        above = Table("T", "Above", [Column("text", "Text")], [{"text": "x"}] * rows, "None.")
        blocks = [above, Heading("What the manager says"), Paragraph("No commentary was sent.")]
        laid = lay_out(Sheet("Contents", "Texts", blocks, "Texts."), SCALE)
        alone = next(cell.row for cell in laid.cells if cell.content.shown == "What the manager says")
        assert alone not in page_ends(laid)


def test_the_sheet_of_the_fund_is_printed_about_as_large_as_theirs() -> None:
    composed = compose(marts_of(sample()), QUARTER)
    assert [printed_scale(laid) >= 0.64 for laid in composed.laid if laid.sheet.name == "NRF"] == [True]


def test_the_sheets_of_targets_are_printed_large_enough_to_read() -> None:
    composed = compose(marts_of(sample()), QUARTER)
    scales = {laid.sheet.name: printed_scale(laid) for laid in composed.laid}
    of_targets = {
        name: scale for name, scale in scales.items() if name.startswith("FT_") or name == "Judgements"
    }
    assert min(scales["Decisions"], scales["Inputs"]) >= 0.65
    assert min(scales["Summary"], scales["Measures"]) >= 0.62
    assert scales["Quality"] >= 0.5
    assert {"FT_H4", "FT_C1", "Judgements"} <= set(of_targets)
    assert {name: scale for name, scale in of_targets.items() if scale < 0.65} == {}


def test_a_table_of_many_measures_begins_on_the_page_of_its_sheets_title() -> None:
    """Reasons of each measure above it took most of that page, and the table the next: a third of a page was empty."""
    tables = sample()
    first = tables["floor_targets"]["rows"][0]
    for number in range(20):
        tables["floor_targets"]["rows"].append(
            first
            | {"target_id": f"M{number}", "row_id": f"{QUARTER}|M{number}", "title": f"Measure {number}"}
        )
    laid = next(one for one in compose(marts_of(tables), QUARTER).laid if one.sheet.name == "Judgements")
    assert min(page_ends(laid)) > laid.places[0].last_row


def test_words_are_as_wide_as_their_letters() -> None:
    assert digits("0123456789") == pytest.approx(10)
    assert digits("illustrative") < 8.5 < digits("MMMMMM")
    assert [line_count("as later published", room) for room in (15, 10, 3)] == [1, 2, 6]
    assert line_count("Amber/Green", 11) == 1 < line_count("Amber/Green", 11, is_bold=True)
    assert line_count("one\ntwo", 90) == 2


def test_sheets_for_other_programs_print_their_heading_alone(book: openpyxl.Workbook) -> None:
    for name in ("Provenance", "Data_Progress"):
        sheet = book[name]
        _, _, _, last = range_boundaries(sheet.print_area.partition("!")[2].replace("$", ""))
        assert last < 10 < sheet.max_row
        assert "Only these lines are printed" in str(sheet["A2"].value)
    assert "leaves out the lines" in " ".join(
        str(line[0].value) for line in book["Contents"].iter_rows(max_row=8)
    )


def test_a_number_keeps_away_from_the_box_of_the_rating_beside_it(book: openpyxl.Workbook) -> None:
    numbers = [
        cell for line in book["FT_H4"].iter_rows() for cell in line if isinstance(cell.value, int | float)
    ]
    assert numbers
    assert {(cell.alignment.indent, cell.number_format.count("_)") >= 2) for cell in numbers} == {(0, True)}


def test_what_stands_for_a_missing_number_is_in_line_with_the_numbers(book: openpyxl.Workbook) -> None:
    """As far from the edge, and by its format too: LibreOffice loses an indent where words and numbers meet."""
    marks = [
        cell
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, str) and cell.value.startswith("[") and cell.alignment.horizontal == "right"
    ]
    assert len(marks) > 20
    assert {(cell.alignment.indent, cell.number_format) for cell in marks} == {(0, "@_)_)")}
