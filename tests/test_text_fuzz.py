"""Random tables as text files, whole and cut: what was written is what is read, or the file is refused."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.cells import Unreadable
from pipelines.workbook.formats.text_tables import Declared, read_text_table
from pipelines.workbook.limits import LIMITS
from pipelines.workbook.preflight import TEXT, Received

FEW = settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
FIELDS = st.one_of(
    st.sampled_from(
        ["", "H4", "53.8", "1,200", "-7", "£12", 'said "no"', "a;b", "a|b", "two\nlines", " x ", "007"]
    ),
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=8),
)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(FIELDS, min_size=width, max_size=width), min_size=3, max_size=8)
)


def written(table: list[list[str]], delimiter: str, line_end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(table)
    return out.getvalue()


def read(data: bytes, declared: str | None = None) -> dict[tuple[int, int], str] | str:
    """The values by place, or the sentence."""
    try:
        book = read_text_table(Received(TEXT, "return.csv", data, LIMITS), Declared(declared))
    except Unreadable as sentence:
        return str(sentence)
    return {place: cell.value for place, cell in book.sheets[0].cells.items()}


def filled(table: list[list[str]]) -> dict[tuple[int, int], str]:
    return {
        (row, column): value
        for row, line in enumerate(table)
        for column, value in enumerate(line)
        if value.strip()
    }


@FEW
@given(
    TABLES, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-16"])
)
def test_a_table_is_read_as_it_was_written_or_not_at_all(table, delimiter, line_end, encoding):
    # every field is in quotation marks but the plain ones, so the delimiter shows in every line
    found = read(written(table, delimiter, line_end).encode(encoding))
    if isinstance(found, dict):
        assert found == filled(table)
    else:
        assert (
            "can't be read for certain" in found or "no character but blanks" in found or "no value" in found
        )


@FEW
@given(TABLES, st.floats(0, 1))
def test_of_a_file_that_was_cut_no_value_stands_in_another_place(table, share):
    table = [[f"Heading {column}" for column in range(len(table[0]))], *table]
    data = written(table, ",", "\n").encode()
    first = data.index(b"\n") + 1
    found, whole = read(data[: first + int((len(data) - first) * share)]), filled(table)
    if not isinstance(found, dict):
        return
    *before, last = sorted(found)
    assert all(found[place] == whole[place] for place in before)
    assert whole[last].startswith(found[last])


@FEW
@given(TABLES, st.integers(0, 10_000), st.integers(0x80, 0xFF))
def test_a_byte_that_is_no_utf8_is_never_guessed(table, at, byte):
    data = bytearray(written(table, ",", "\n").encode())
    data.insert(at % (len(data) + 1), byte)
    try:
        data.decode()
    except UnicodeDecodeError:
        found = read(bytes(data))
        assert "in an encoding that nothing declares" in found or "is damaged (says that it is" in found


@FEW
@given(TABLES)
def test_letters_of_a_declared_encoding_are_its_own(table):
    try:
        data = written(table, ",", "\n").encode("cp1252")
    except UnicodeEncodeError:
        return
    found = read(data, "cp1252")
    try:
        data.decode()
    except UnicodeDecodeError:
        assert found == filled(table) or "can't be read for certain" in found
