"""Archived files opened: several at a time, in their order, and as the framework says of text files and limits."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from grids import FIRST_SEEN, receipt
from workbooks import one_sheet, zipped

from pipelines.framework.references import Reference, References
from pipelines.receipt import Receipt
from pipelines.submission.opening import encodings, limits_of, open_each
from pipelines.workbook.limits import LIMITS, Limits
from pipelines.workspace import Workspace

LATIN = "Project,Spend\nWardens,£12\n".encode("cp1252")


def files(folder: Path, *contents: bytes) -> tuple[list[Receipt], dict[str, Path]]:
    received, where = [], {}
    for number, content in enumerate(contents):
        path = folder / f"{number}.bin"
        path.write_bytes(content)
        made = receipt(number, original_name=f"file {number}.csv")
        received.append(replace(made, first_seen=FIRST_SEEN + timedelta(minutes=number)))
        where[made.sha256] = path
    return received, where


def workbook(value: int) -> bytes:
    return zipped(one_sheet(f'<row r="1"><c r="A1"><v>{value}</v></c></row>'))


@pytest.mark.parametrize("readers", [1, 2, 5])
def test_the_files_come_in_their_order_whatever_the_number_of_readers(tmp_path, readers):
    contents = [workbook(number) if number % 3 else b"%PDF" for number in range(9)]
    received, where = files(tmp_path, *contents)
    opened = open_each(
        received, Workspace(tmp_path), limits=Limits(readers=readers), where=lambda r: where[r.sha256]
    )
    assert [one.receipt for one in opened] == received
    assert [one.book.sheets[0].cells[0, 0].value if one.book else None for one in opened] == [
        number if number % 3 else None for number in range(9)
    ]
    assert opened[0].sentence.startswith("file 0.csv is a PDF, not a workbook")


def test_no_files_need_no_reader(tmp_path):
    assert open_each([], Workspace(tmp_path)) == []


def test_a_limit_that_the_framework_sets_holds_in_the_reading_process(tmp_path):
    received, where = files(tmp_path, b"a,b,c,d\n1,2,3,4\n")
    [opened] = open_each(
        received, Workspace(tmp_path), limits=Limits(cells=5), where=lambda r: where[r.sha256]
    )
    assert 'its sheet "CSV" brings the file to over 5 cells' in opened.sentence


REFERENCES: References = {
    "framework.partners": Reference(
        "Partners",
        ids={"pct": "pct", "primary care trust": "pct", "police": "police"},
        facts={"pct": {"encoding": "windows-1252"}, "police": {"encoding": None}},
    ),
    "framework.settings": Reference(
        "Settings", facts={"text_encoding": {"value": "latin-1"}, "limit_sheets": {"value": "1,000"}}
    ),
}


@pytest.mark.parametrize(
    ("sender", "default", "of_sender"),
    [
        ("Primary Care Trust", "windows-1252", {}),
        ("police", "latin-1", {}),
        ("nobody we know", "latin-1", {}),
        ("", "latin-1", {"pct": "windows-1252", "primary care trust": "windows-1252"}),
    ],
)
def test_whose_encoding_counts(sender, default, of_sender):
    declared = encodings(REFERENCES).for_file(replace(receipt(), received_from=sender))
    assert (declared.default, declared.of_sender) == (default, of_sender)


def test_without_a_framework_nothing_is_declared():
    declared = encodings({}).for_file(receipt())
    assert (declared.default, declared.of_sender) == (None, {})
    assert limits_of({}) == LIMITS


@pytest.mark.parametrize(
    ("content", "sender", "is_read"),
    [
        (LATIN, "pct", True),
        (LATIN, "police", False),
        (b"Partner: Primary Care Trust\n" + LATIN, "", True),
        (b'"Organisation","PCT"\n' + LATIN, "", True),
        (b"Partner: police\n" + LATIN, "", False),
        (LATIN, "", False),
    ],
)
def test_a_text_file_is_read_as_its_sender_is_said_to_write(tmp_path, content, sender, is_read):
    [received], where = files(tmp_path, content)
    known = encodings({"framework.partners": REFERENCES["framework.partners"]})
    [opened] = open_each(
        [replace(received, received_from=sender)], Workspace(tmp_path), known, where=lambda r: where[r.sha256]
    )
    assert (opened.book is not None) == is_read
    if opened.book:
        assert "£12" in [cell.value for cell in opened.book.sheets[0].cells.values()]


def test_limits_are_settings_of_the_framework():
    assert limits_of(REFERENCES) == replace(LIMITS, sheets=1_000)
    with pytest.raises(ValueError, match="The setting 'limit_cells' is 'many', and should be a whole number"):
        LIMITS.changed_by({"limit_cells": "many"})
