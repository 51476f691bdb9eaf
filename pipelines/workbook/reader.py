"""Workbooks read in a child process: a file from outside can take the process that reads it down.

The child lives for many files. It answers in lines of JSON, never in anything that could carry code, and ends
when its input closes, so that it can't outlive us.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import orjson

from pipelines.cells import Book, CellError, Cells, Sheet, Unreadable, Value
from pipelines.workbook import open_book
from pipelines.workbook.formats.text_tables import NOTHING_DECLARED, Declared
from pipelines.workbook.limits import LIMITS, Limits
from pipelines.workbook.package import SAVE_AGAIN, unreadable

REPLY_BYTES = 1 << 29
TIRED_BYTES = 600 << 20  # a child that once needed more is replaced, so that files do not add up

KINDS: dict[str, Callable[[str], Value]] = {
    "error": CellError,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}
PLAIN = frozenset({str, int, float, bool})  # as JSON has them
CHILD = (sys.executable, "-P", "-m", "pipelines.workbook.reader")


class Reader:
    """Reads one workbook after the other: `with Reader() as reader: book = reader.read(path, name)`."""

    def __init__(self, limits: Limits = LIMITS, child: Sequence[str] = CHILD) -> None:
        self.limits, self.command = limits, child
        self.child: subprocess.Popen[bytes] | None = None
        self.is_fresh = True

    def __enter__(self) -> Reader:
        self._start()  # it gets ready while we do other things
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, path: Path, name: str, declared: Declared = NOTHING_DECLARED) -> Book:
        """The file at `path`; `name` is what people call it, `declared` how its text is encoded.

        Raises Unreadable, one sentence, for anything that can't be read, or not within the limits.
        """
        question = {
            "path": str(path.absolute()),
            "name": name,
            "declared": asdict(declared),
            "limits": asdict(self.limits),
        }
        while True:
            if self.child is None or self.child.poll() is not None:
                self._start()
            was_fresh = self.is_fresh
            reply, is_too_slow = self._ask(question)
            if is_too_slow:
                self._stop()
                raise unreadable(name, f"takes over {self.limits.seconds:g} seconds to read: {SAVE_AGAIN}")
            try:
                answer = unpack(reply)
                if "unreadable" in answer:
                    raise Unreadable(str(answer["unreadable"]))
                book = book_from(answer["book"])
                if answer.get("is_tired"):
                    self._stop()
                return book
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                self._stop()
            if was_fresh:  # or else the files before may have tired the child: once more, with a new one
                raise unreadable(name, f"can't be read, it stops the program that reads it: {SAVE_AGAIN}")

    def _ask(self, question: dict[str, Any]) -> tuple[bytes, bool]:
        """The child's line of reply, empty or cut where it fell over; and whether it took too long."""
        child, is_too_slow = self.child, threading.Event()
        assert child and child.stdin and child.stdout

        def give_up() -> None:
            is_too_slow.set()
            child.kill()

        timer = threading.Timer(self.limits.seconds, give_up)
        timer.start()
        try:
            with suppress(OSError):
                child.stdin.write(json.dumps(question).encode() + b"\n")
                child.stdin.flush()
            reply = child.stdout.readline(REPLY_BYTES)
        finally:
            timer.cancel()
            timer.join()
        self.is_fresh = False
        return reply, is_too_slow.is_set()

    def _start(self) -> None:
        self._stop()
        here = str(Path(__file__).parents[2])
        paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
        self.child = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # calamine writes its panics there
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        self.is_fresh = True

    def _stop(self) -> None:
        if self.child:
            self.child.kill()
            self.child.communicate()
            self.child = None


def book_as_json(book: Book) -> dict[str, Any]:
    """A book as plain lists and words; `book_from` gives an equal book back."""
    return {
        "remarks": book.remarks,
        "doubts": book.doubts,
        "sheets": [_sheet_as_json(sheet) for sheet in book.sheets],
    }


def _sheet_as_json(sheet: Sheet) -> dict[str, Any]:
    """Cells go column-wise: four long lists are written and read several times faster than many short ones."""
    cells = sheet.cells if isinstance(sheet.cells, Cells) else Cells.of(sheet.cells.values())
    values, codes = cells.raw, cells.formats
    known = {code: number for number, code in enumerate(dict.fromkeys(codes))}
    odd = {number: value for number, value in enumerate(values) if value.__class__ not in PLAIN}
    plain: Sequence[object] = values
    if odd:
        plain = [None if number in odd else value for number, value in enumerate(values)]
    colours: dict[str, list[tuple[int, int]]] = {}
    for place, colour in sheet.fills.items():
        colours.setdefault(colour, []).append(place)
    return {
        "name": sheet.name,
        "visibility": sheet.visibility,
        "counted": sheet.counted,
        "merges": sheet.merges,
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sorted(sheet.hidden_columns),
        "formulas": sorted(sheet.formulas),
        "struck": sorted(sheet.struck),
        "fills": colours,
        "cells": {
            "rows": cells.rows,
            "columns": cells.columns,
            "values": plain,
            "odd": [(number, *_plain(value)) for number, value in odd.items()],
            "formats": list(known),
            "format_numbers": [known[code] for code in codes],
        },
    }


def book_from(plain: dict[str, Any]) -> Book:
    """The book behind `book_as_json`. Raises ValueError, LookupError or TypeError for anything else."""
    with without_gc():
        sheets = tuple(_sheet_from(sheet) for sheet in plain["sheets"])
    return Book(sheets, tuple(plain["remarks"]), tuple(plain["doubts"]))


@contextmanager
def without_gc() -> Iterator[None]:
    """No search for garbage meanwhile: it would look again and again through the cells that are being made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def pack(answer: dict[str, Any]) -> bytes:
    """An answer as one line of JSON."""
    try:
        return orjson.dumps(answer)
    except TypeError:  # half of a character, which UTF-8 can't hold
        return json.dumps(answer, allow_nan=False).encode()


def unpack(reply: bytes) -> Any:
    """The answer behind a line of JSON. Raises ValueError for anything else."""
    try:
        return orjson.loads(reply)
    except ValueError:
        return json.loads(reply)


def _sheet_from(sheet: dict[str, Any]) -> Sheet:
    cells = sheet["cells"]
    rows, columns, values = cells["rows"], cells["columns"], cells["values"]
    for number, kind, text in cells["odd"]:
        values[number] = KINDS[kind](text)
    codes = list(map(cells["formats"].__getitem__, cells["format_numbers"]))
    return Sheet(
        name=sheet["name"],
        visibility=sheet["visibility"],
        cells=Cells(rows, columns, values, codes),
        merges=tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merges"]),
        hidden_rows=frozenset(sheet["hidden_rows"]),
        hidden_columns=frozenset(sheet["hidden_columns"]),
        counted=sheet["counted"],
        formulas=frozenset(map(tuple, sheet["formulas"])),
        struck=frozenset(map(tuple, sheet["struck"])),
        fills={(row, column): colour for colour, places in sheet["fills"].items() for row, column in places},
    )


def _plain(value: Value) -> tuple[str, str]:
    if isinstance(value, CellError):
        return "error", value.code
    assert isinstance(value, date | time)
    return type(value).__name__, value.isoformat()


def serve() -> None:
    """The child: a question a line in, an answer a line out, until the input closes."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no reply
    gc.disable()  # what a file leaves behind is cleared away after it
    for line in sys.stdin.buffer:
        question = json.loads(line)
        limits, declared = Limits(**question["limits"]), Declared(**question["declared"])
        limit_memory(limits)
        limit_time(limits)
        answer: dict[str, Any]
        try:
            book = open_book(Path(question["path"]), question["name"], declared, limits)
            answer = {"book": book_as_json(book), "is_tired": most_memory() > TIRED_BYTES}
            del book
        except Unreadable as sentence:
            answer = {"unreadable": str(sentence)}
        replies.write(pack(answer) + b"\n")
        replies.flush()
        del answer
        gc.collect()


def most_memory() -> int:
    """The most memory, in bytes, that this process ever held; 0 where that can't be asked."""
    with suppress(OSError, StopIteration, ValueError):
        # on Linux getrusage also counts what the parent held when it made this process
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) * 1024
    with suppress(ImportError, ValueError, OSError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return 0


def limit_memory(limits: Limits = LIMITS) -> None:
    """Cap this process's memory, and leave no image of it behind: it holds partners' data. Not on Windows."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))


def limit_time(limits: Limits = LIMITS) -> None:
    """Cap the processor time from here on. Not on Windows, where only the parent's clock runs."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        seconds = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


if __name__ == "__main__":
    serve()
