"""Files read in another process: what comes across, and what happens when that process falls over."""

import json
import os
import signal
import subprocess
import sys
import time as clock
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
from workbooks import one_sheet, write

from pipelines.cells import Book, Cell, CellError, Sheet, Unreadable
from pipelines.workbook import open_book
from pipelines.workbook.limits import LIMITS
from pipelines.workbook.reader import Reader, book_as_json, book_from

VALUES = [
    "text",
    "",
    "£1.2m\u00a0(p) – \U0001f600 \ud800 \r\n\u2028",
    '{"error": "#REF!"}',
    0,
    -12,
    2**53 - 1,
    0.1,
    81.41000000000001,
    1e300,
    9007199254740992.0,
    True,
    False,
    date(2004, 4, 1),
    datetime(2004, 4, 1, 10, 20, 30, 500000),
    time(18, 0),
    time(23, 59, 59, 999000),
    CellError("#REF!"),
    CellError("uncalculated"),
]


def sentence_of(reader: Reader, path, name: str = "return.xlsx") -> str:
    with pytest.raises(Unreadable) as sentence:
        reader.read(path, name)
    return str(sentence.value)


def one_cell(tmp_path, value: int):
    return write(tmp_path / f"{value}.xlsx", one_sheet(f'<row r="1"><c r="A1"><v>{value}</v></c></row>'))


def first_value(book: Book) -> object:
    return book.sheets[0].cells[0, 0].value


def child(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import json, os, sys, time\nfor line in sys.stdin:\n    {script}")


def test_a_book_crosses_as_json_and_comes_out_equal():
    cells = {(n, 3): Cell(n, 3, value, "0.0%" if n % 2 else None) for n, value in enumerate(VALUES)}
    data = Sheet(
        "Täble 1",
        cells,
        counted=99,
        visibility="very hidden",
        merges=((0, 0, 1, 2), (5, 5, 5, 9)),
        hidden_rows=frozenset({1, 7}),
        hidden_columns=frozenset({0}),
        formulas=frozenset({(2, 3), (40, 0)}),
        fills={(0, 3): "FF0000", (9, 9): "00FF00"},
    )
    book = Book(
        (data, Sheet("Empty", {}, counted=0)), ("It holds macros; they were not run.",), ("Is it whole?",)
    )
    back = book_from(json.loads(json.dumps(book_as_json(book), allow_nan=False)))
    assert back == book
    assert [type(cell.value) for cell in back.sheets[0].cells.values()] == [type(value) for value in VALUES]


def test_many_files_are_read_by_one_child(tmp_path):
    with Reader() as reader:
        books = [reader.read(one_cell(tmp_path, value), "return.xlsx") for value in (1, 2, 3)]
        assert [first_value(book) for book in books] == [1, 2, 3]
        first = reader.child.pid
        assert (
            sentence_of(reader, tmp_path / "none.xlsx")
            == "return.xlsx is not there: check its name and folder."
        )
        assert first_value(reader.read(one_cell(tmp_path, 4), "return.xlsx")) == 4
        assert reader.child.pid == first
    assert reader.child is None


def test_the_child_reads_as_we_would_ourselves(tmp_path):
    rows = (
        '<row r="2"><c r="B2" s="1"><v>38078</v></c><c r="C2" t="e"><v>#N/A</v></c>'
        '<c r="D2" t="s"><v>0</v></c><c r="E2" s="2"><v>0.38</v></c><c r="F2"><f>1</f></c></row>'
    )
    path = write(tmp_path / "return.xlsx", one_sheet(rows, shared=["<t>£12</t>"], formats=[22, 9]))
    with Reader() as reader:
        assert reader.read(path, "return.xlsx") == open_book(path, "return.xlsx")


@pytest.mark.parametrize(
    "script",
    [
        "os.abort()",
        "sys.exit(0)",
        "print('not JSON', flush=True)",
        "print('[]', flush=True)",
        "print('{}', flush=True)",
        "print('[' * 100000, flush=True)",
        'print(\'{"book": {"sheets": [{}], "remarks": [], "doubts": []}}\', flush=True)',
        'print(\'{"book": {"sheets": 7, "remarks": [], "doubts": []}}\', flush=True)',
        "sys.stdout.buffer.write(b'\\x80\\x04\\x95 pickled'); sys.stdout.flush(); sys.exit()",
        "print('{\"unreadable\":', end='', flush=True); os.abort()",
    ],
)
def test_a_child_that_falls_over_or_talks_nonsense_costs_one_file(tmp_path, script):
    path = one_cell(tmp_path, 1)
    with Reader(child=child(script)) as reader:
        assert sentence_of(reader, path) == (
            "return.xlsx can't be read, it stops the program that reads it: open it in Excel, save it as an "
            "Excel workbook (.xlsx) and send that copy."
        )
        reader.command = Reader().command
        assert first_value(reader.read(path, "return.xlsx")) == 1


def test_a_child_that_hangs_is_ended(tmp_path):
    path = one_cell(tmp_path, 1)
    with Reader(replace(LIMITS, seconds=0.5), child=child("time.sleep(600)")) as reader:
        assert sentence_of(reader, path) == (
            "return.xlsx takes over 0.5 seconds to read: open it in Excel, save it as an Excel workbook "
            "(.xlsx) and send that copy."
        )
        reader.limits, reader.command = LIMITS, Reader().command
        assert first_value(reader.read(path, "return.xlsx")) == 1


def test_a_child_that_earlier_files_have_tired_is_replaced_before_a_file_is_blamed(tmp_path):
    """It answers once in its life: what a file gives must not depend on the files before it."""
    script = "print(json.dumps({'unreadable': 'read'}), flush=True); sys.stdin.readline(); os.abort()"
    with Reader(child=child(script)) as reader:
        assert [sentence_of(reader, tmp_path) for _ in range(3)] == ["read"] * 3


def test_a_child_that_was_ended_before_or_between_files_is_replaced(tmp_path):
    with Reader() as reader:
        for value in (1, 2):
            reader.child.kill()
            reader.child.wait()
            assert first_value(reader.read(one_cell(tmp_path, value), "return.xlsx")) == value


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'


def test_the_file_that_makes_calamine_ask_for_512_gigabytes(tmp_path):
    """Refused before calamine sees it; and were it not, only the child would go down."""
    path = write(tmp_path / "far.xlsx", one_sheet(FAR))
    unguarded = (
        "from python_calamine import CalamineWorkbook as W; import pathlib; "
        "W.from_path(json.loads(line)['path']).get_sheet_by_index(0).to_python()"
    )
    with Reader() as reader:
        assert "far.xlsx is too large" in sentence_of(reader, path, "far.xlsx")
    with Reader(child=child(unguarded)) as reader:
        assert "it stops the program that reads it" in sentence_of(reader, path, "far.xlsx")
        reader.command = Reader().command
        assert first_value(reader.read(one_cell(tmp_path, 3), "return.xlsx")) == 3


needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="memory and processor limits as on Linux")


@needs_limits
def test_memory_is_capped():
    script = "from pipelines.workbook.reader import limit_memory\nlimit_memory()\nbytearray(3 << 30)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "MemoryError" in done.stderr


@needs_limits
def test_processor_time_is_capped_counting_from_the_file_that_is_read():
    script = (
        "import time; from pipelines.workbook import reader\n"
        "while time.process_time() < 1.1: pass\n"  # on files before
        "from pipelines.workbook.limits import Limits\nreader.limit_time(Limits(cpu_seconds=1))\n"
        "while time.process_time() < 1.5: pass\n"
        "print('still there', flush=True)\n"
        "while True: pass"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("still there\n", -signal.SIGXCPU)


@needs_limits
def test_no_child_outlives_its_parent(tmp_path):
    path = one_cell(tmp_path, 1)
    script = (
        "import pathlib, time; from pipelines.workbook.reader import Reader\nwith Reader() as reader:\n"
        f"    reader.read(pathlib.Path({str(path)!r}), 'x')\n    print(reader.child.pid, flush=True)\n"
        "    time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        child_id = int(parent.stdout.readline())
        parent.kill()
    for _ in range(200):
        try:
            state = Path(f"/proc/{child_id}/stat").read_text()
            is_gone = state.rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            is_gone = True
        if is_gone:
            return
        clock.sleep(0.05)
    os.kill(child_id, signal.SIGKILL)
    pytest.fail("the child was still there ten seconds after its parent had gone")
