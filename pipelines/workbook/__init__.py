"""A file as sheets of cells, whatever kind of workbook or table it is.

Call it through reader.py for a file that came from outside: calamine can take the whole process down.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.cells import Book
from pipelines.workbook.formats.binary_excel import read_binary_excel
from pipelines.workbook.formats.excel import read_excel
from pipelines.workbook.formats.old_excel import read_old_excel
from pipelines.workbook.formats.open_document import read_open_document
from pipelines.workbook.formats.text_tables import NOTHING_DECLARED, Declared, read_text_table
from pipelines.workbook.limits import LIMITS, Limits
from pipelines.workbook.preflight import BINARY_EXCEL, EXCEL, OLD_EXCEL, OPEN_DOCUMENT, look

READERS = {
    EXCEL: read_excel,
    BINARY_EXCEL: read_binary_excel,
    OLD_EXCEL: read_old_excel,
    OPEN_DOCUMENT: read_open_document,
}


def open_book(path: Path, name: str, declared: Declared = NOTHING_DECLARED, limits: Limits = LIMITS) -> Book:
    """Read a file in this process; `name` is what people call it, `declared` how its text is encoded.

    Raises Unreadable, one sentence, for anything that can't be read whole.
    """
    received = look(path, name, limits)
    if reader := READERS.get(received.kind):
        return reader(received)
    return read_text_table(received, declared)
