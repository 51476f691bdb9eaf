"""Every workbook that we write, by the official checklist; what it departs from is listed, and nothing else is."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from checklist import broken
from grids import contracts, sample_framework
from openpyxl.styles import Alignment, Font, PatternFill
from pack_marts import QUARTER, marts_of
from pack_marts import sample as small
from templates import PROXY_PAST, form, template
from workspaces import Ran

from pipelines.house_style.departures import DEPARTURES, FRAMEWORK, PACK, REPLY, RETURN, departures
from pipelines.new import book as framework_book
from pipelines.pack import compose, write_pack
from pipelines.pack.notes import sheets as notes
from pipelines.template.book import template_bytes

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group")


def test_the_pack_departs_from_what_its_notes_list_and_from_nothing_else(sample: Ran) -> None:
    found = broken(sample.pack.read_bytes())
    assert [str(one) for one in found if one.rule not in departures(PACK)] == []
    assert {one.rule for one in found} == departures(PACK)


OF_TARGETS = (
    "floor_targets target_history parent_targets proxies proxy_register benchmarks target_money project_targets "
    "money_against_progress decisions actions revisions findings"
)


def test_a_pack_without_any_target_departs_from_nothing_else_either(tmp_path: Path) -> None:
    tables = small()
    for name in OF_TARGETS.split():
        tables[name]["rows"] = []
    path = write_pack(compose(marts_of(tables), QUARTER), tmp_path / "pack.xlsx").path
    assert [str(one) for one in broken(path.read_bytes()) if one.rule not in departures(PACK)] == []


def test_returns_depart_from_what_is_listed_and_from_nothing_else() -> None:
    (last,) = PROXY_PAST["proxy_indicators"]["pct"]
    unknown = {"proxy_indicators": {"pct": [{**last, "value": None, "value_status": "x"}]}}
    books = [template(partner) for partner in sample_framework().references["framework.partners"].facts]
    books.append(template_bytes(form(past=unknown), "test"))
    found = [one for content in books for one in broken(content)]
    assert [str(one) for one in found if one.rule not in departures(RETURN)] == []
    assert {one.rule for one in found} == departures(RETURN)


def test_replies_depart_from_what_is_listed_and_from_nothing_else(sample: Ran) -> None:
    books = sorted((sample.workspace.replies / QUARTER).glob("*.xlsx"))
    assert len(books) > 5
    found = [one for path in books for one in broken(path.read_bytes())]
    assert [str(one) for one in found if one.rule not in departures(REPLY)] == []
    assert {one.rule for one in found} == departures(REPLY)


def test_a_new_framework_departs_from_what_is_listed_and_from_nothing_else() -> None:
    found = broken(framework_book.draw(contracts()))
    assert [str(one) for one in found if one.rule not in departures(FRAMEWORK)] == []
    assert {one.rule for one in found} == departures(FRAMEWORK)


def test_notes_list_each_departure_with_its_reason() -> None:
    (sheet,) = notes(marts_of(small()), QUARTER)
    table = next(table for table in sheet.tables if table.name == "Notes_departures")
    assert [row["about"] for row in table.rows] == [one.about for one in DEPARTURES]
    for row, one in zip(table.rows, DEPARTURES, strict=True):
        assert str(row["text"]).startswith(one.reason.rstrip(".")) and one.books[0] in str(row["text"])


# The checklist sees what it is there for


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(compose(marts_of(small()), QUARTER), tmp_path_factory.mktemp("pack") / "pack.xlsx").path


def hide(book: Any) -> None:
    book["NRF"].sheet_state = "hidden"


def hide_a_row(book: Any) -> None:
    book["Partnership"].row_dimensions[3].hidden = True


def mend_nothing(book: Any) -> None:
    book["Contents"]["A1"].style = "Normal"


def rename(book: Any) -> None:
    book["Revisions"].title = "Sheet2"


def freeze(book: Any) -> None:
    book["Data_Spend"].freeze_panes = "B8"


def merge(book: Any) -> None:
    book["Cover"].merge_cells("A2:B2")


def unmark(book: Any) -> None:
    book["Data_Charts"].tables.pop("Data_Charts", None)  # two rules are broken by it


def filters(book: Any) -> None:
    book["Data_Spend"].auto_filter.ref = "A6:C8"


def blank(book: Any) -> None:
    for cell in book["Notes"][10]:
        cell.value = None


def rename_a_heading(book: Any) -> None:
    place = book["Data_Spend"].tables["Data_Spend"].ref.partition(":")[0]
    book["Data_Spend"][place].value = "Another"


def fade(book: Any) -> None:
    book["Cover"]["A7"].font = Font(name="Arial", size=12, color="FFB1B4B6")


def shrink(book: Any) -> None:
    book["Cover"]["A8"].font = Font(name="Arial", size=9)


def only_colour(book: Any) -> None:
    book["Cover"]["A50"].fill = PatternFill("solid", fgColor="FF7B1113")


def star(book: Any) -> None:
    book["Cover"]["A9"].value = "Provisional *"


def click(book: Any) -> None:
    book["Cover"]["A4"].value = "Click here"


def centre(book: Any) -> None:
    sheet = book["Data_Spend"]
    sheet.cell(sheet.max_row, 2).alignment = Alignment(horizontal="center", wrap_text=True)


def stay(book: Any) -> None:
    book.active = 3


def nameless(book: Any) -> None:
    book.properties.language = None


def head(book: Any) -> None:
    book["Cover"].oddHeader.left.text = "Confidential"


def miscount(book: Any) -> None:
    book["Judgements"]["A2"].value = "This worksheet contains 7 tables."


def unexplained(book: Any) -> None:
    book["Summary"]["A3"].value = "None."


def empty(book: Any) -> None:
    book.create_sheet("Spare")


SPOILT: list[tuple[Callable[[Any], None], str, str]] = [
    (hide, "hidden sheets", "NRF"),
    (hide_a_row, "hidden rows and columns", "Partnership!"),
    (mend_nothing, "a tagged title in A1", "Contents!A1"),
    (rename, "names of sheets", "Sheet2!"),
    (freeze, "frozen panes", "Data_Spend!"),
    (merge, "merged cells", "Cover!"),
    (unmark, "how many tables there are", "Data_Charts!"),
    (unmark, "tables marked as tables", "Data_Charts!"),
    (filters, "filters", "Data_Spend!"),
    (blank, "blank rows in tables", "Notes!"),
    (rename_a_heading, "one tagged row of headings", "Data_Spend!"),
    (fade, "contrast", "Cover!A7"),
    (shrink, "a plain face of 12 points", "Cover!A8"),
    (only_colour, "colour is never alone", "Cover!A50"),
    (star, "no symbols for notes", "Cover!A9"),
    (click, "links that say where to", "Cover!A4"),
    (centre, "numbers to the right, words to the left", "Data_Spend!"),
    (stay, "opens at A1 of the first sheet", "Measures"),
    (nameless, "title, publisher and language", "language"),
    (head, "nothing in headers", "Cover!"),
    (miscount, "how many tables there are", "Judgements!"),
    (unexplained, "shorthand explained above", "Summary!"),
    (empty, "blank sheets", "Spare!"),
]


def test_the_checklist_sees_each_fault(packed: Path) -> None:
    before, book = broken(packed.read_bytes()), openpyxl.load_workbook(packed)
    for spoil, _, _ in SPOILT:
        spoil(book)
    content = BytesIO()
    book.save(content)
    found = broken(content.getvalue())
    for _, rule, where in SPOILT:
        assert rule not in {one.rule for one in before}, "or it would prove nothing"
        assert [one for one in found if one.rule == rule and one.where.startswith(where)], rule
    # re-saved by openpyxl its charts have no words any more, which is seen too
    assert "words for each chart" in {one.rule for one in found}
