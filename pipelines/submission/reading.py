"""Files → their returns, each read once: what one came to is remembered until something that it hangs on changes.

That is the file, its receipt, the contracts, the framework and the code. What is remembered is plain data of the
classes named here, and nothing else: an entry that names any other is as good as none.
"""

import io
import pickle
from collections.abc import Iterable
from typing import Any

from pipelines.cells import Book
from pipelines.contract import Contract
from pipelines.framework.references import References, digest
from pipelines.framework.taught import Layout
from pipelines.receipt import Receipt
from pipelines.storage.memory import Memory
from pipelines.submission import FileRead
from pipelines.submission.blanks import settle_nil, settle_template
from pipelines.submission.file import read_file
from pipelines.submission.opening import Opened
from pipelines.workbook.reader import without_gc

KIND = "read"
# Module → the classes of it that a file as read is made of.
PLAIN = {
    "builtins": {"set", "frozenset"},
    "datetime": {"date", "datetime", "time"},
    "pipelines.submission.answers": {"Returned"},
    "pipelines.cells": {"Cell", "CellError"},
    "pipelines.findings": {"Answer", "Finding"},
    "pipelines.submission": {"FileRead", "Submission"},
    "pipelines.template.identity": {"ExpectedRow", "Identity"},
    "pipelines.tidy.tidied": {"Run", "Tidied"},
}


class Reading:
    """Reads files by one framework and one set of contracts."""

    def __init__(
        self, contracts: Iterable[Contract], references: References, layouts: Iterable[Layout], memory: Memory
    ) -> None:
        self.contracts, self.references, self.layouts = list(contracts), references, list(layouts)
        self.memory = memory
        by = (self.contracts, self.layouts, digest(references)) if memory.folder else ()
        self.read_by = memory.name("reading", *by)

    def read(self, opened: Opened, book: Book) -> FileRead:
        """The returns of one opened file, as they stand before anything of another file is looked at."""
        name = self.memory.name(KIND, opened.receipt, opened.book_from, self.read_by)
        kept = self.memory.recall(name) if opened.book_from else None
        file = self._loaded(kept, opened.receipt, book) if kept else None
        if file is None:
            file = read_file(opened.receipt, book, self.contracts, self.references, self.layouts)
            settle_template(file)
            settle_nil(file)
            if opened.book_from:
                self.memory.keep(name, _dumped(file))
        return file

    def _loaded(self, kept: bytes, receipt: Receipt, book: Book) -> FileRead | None:
        known = {"book": book, "receipt": receipt} | {one.full_name: one for one in self.contracts}
        try:
            with without_gc():
                file = _Unpickler(kept, known).load()
        except (pickle.UnpicklingError, LookupError, TypeError, ValueError, AttributeError, EOFError):
            return None
        return file if isinstance(file, FileRead) else None


class _Pickler(pickle.Pickler):
    """Names what will be at hand when the file is read again: its book, its receipt and the contracts."""

    def __init__(self, into: io.BytesIO, file: FileRead) -> None:
        super().__init__(into, pickle.HIGHEST_PROTOCOL)
        self.file = file

    def persistent_id(self, thing: Any) -> str | None:
        if isinstance(thing, Contract):
            return thing.full_name
        return "book" if thing is self.file.book else "receipt" if thing is self.file.receipt else None


def _dumped(file: FileRead) -> bytes:
    into = io.BytesIO()
    _Pickler(into, file).dump(file)
    return into.getvalue()


class _Unpickler(pickle.Unpickler):
    """Makes nothing but what `PLAIN` names: a pickle could else carry code."""

    def __init__(self, kept: bytes, known: dict[str, Any]) -> None:
        super().__init__(io.BytesIO(kept))
        self.known = known

    def persistent_load(self, name: Any) -> Any:
        return self.known[name]

    def find_class(self, module: str, name: str) -> Any:
        if name not in PLAIN.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a file as read.")
        return super().find_class(module, name)
