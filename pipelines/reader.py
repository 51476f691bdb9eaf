"""Workbooks read in a child process: a file from outside can take the process that reads it down.

The child lives for many files. It answers in lines of JSON, never in anything that could carry code, and ends
when its input closes, so that it can't outlive us.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from pipelines.cells import Book, Cell, CellError, Sheet, Unreadable, Value
from pipelines.package import SAVE_AGAIN, unreadable
from pipelines.workbook import open_book

SECONDS = 60  # for one file; the largest honest one takes two
CPU_SECONDS = 90  # more than that, so it only ends a child whose parent is gone
MEMORY_BYTES = 2 << 30
REPLY_BYTES = 1 << 29

KINDS: dict[str, Callable[[str], Value]] = {
    "error": CellError,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}
CHILD = (sys.executable, "-P", "-m", "pipelines.reader")


class Reader:
    """Reads one workbook after the other: `with Reader() as reader: book = reader.read(path, name)`."""

    def __init__(self, seconds: float = SECONDS, child: Sequence[str] = CHILD) -> None:
        self.seconds, self.command = seconds, child
        self.child: subprocess.Popen[bytes] | None = None
        self.is_fresh = True

    def __enter__(self) -> Reader:
        self._start()  # it gets ready while we do other things
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, path: Path, name: str) -> Book:
        """The workbook at `path`; `name` is what people call the file.

        Raises Unreadable, one sentence, for anything that can't be read, or not within the limits.
        """
        while True:
            if self.child is None or self.child.poll() is not None:
                self._start()
            was_fresh = self.is_fresh
            reply, is_too_slow = self._ask({"path": str(path.absolute()), "name": name})
            if is_too_slow:
                self._stop()
                raise unreadable(name, f"takes over {self.seconds:g} seconds to read: {SAVE_AGAIN}")
            try:
                answer = json.loads(reply)
                if "unreadable" in answer:
                    raise Unreadable(str(answer["unreadable"]))
                return book_from(answer["book"])
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                self._stop()
            if was_fresh:  # or else the files before may have tired the child: once more, with a new one
                raise unreadable(name, f"can't be read, it stops the program that reads it: {SAVE_AGAIN}")

    def _ask(self, question: dict[str, str]) -> tuple[bytes, bool]:
        """The child's line of reply, empty or cut where it fell over; and whether it took too long."""
        child, is_too_slow = self.child, threading.Event()
        assert child and child.stdin and child.stdout

        def give_up() -> None:
            is_too_slow.set()
            child.kill()

        timer = threading.Timer(self.seconds, give_up)
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
        here = str(Path(__file__).parent.parent)
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
        "sheets": [
            {
                "name": sheet.name,
                "visibility": sheet.visibility,
                "counted": sheet.counted,
                "merges": sheet.merges,
                "hidden_rows": sorted(sheet.hidden_rows),
                "hidden_columns": sorted(sheet.hidden_columns),
                "cells": [
                    (row, column, _plain(value), code) for row, column, value, code in sheet.cells.values()
                ],
            }
            for sheet in book.sheets
        ],
    }


def book_from(plain: dict[str, Any]) -> Book:
    """The book behind `book_as_json`. Raises ValueError, LookupError or TypeError for anything else."""
    sheets = []
    for sheet in plain["sheets"]:
        cells = (Cell(row, column, _value(value), code) for row, column, value, code in sheet["cells"])
        sheets.append(
            Sheet(
                name=sheet["name"],
                visibility=sheet["visibility"],
                cells={(cell.row, cell.column): cell for cell in cells},
                merges=tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merges"]),
                hidden_rows=frozenset(sheet["hidden_rows"]),
                hidden_columns=frozenset(sheet["hidden_columns"]),
                counted=sheet["counted"],
            )
        )
    return Book(tuple(sheets), tuple(plain["remarks"]))


def _plain(value: Value) -> object:
    if isinstance(value, CellError):
        return {"error": value.code}
    if isinstance(value, date | time):
        return {type(value).__name__: value.isoformat()}
    return value


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    [(kind, text)] = plain.items()
    return KINDS[kind](text)


def serve() -> None:
    """The child: a question a line in, an answer a line out, until the input closes."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no reply
    limit_memory()
    for line in sys.stdin.buffer:
        question = json.loads(line)
        limit_time()
        answer: dict[str, Any]
        try:
            answer = {"book": book_as_json(open_book(Path(question["path"]), question["name"]))}
        except Unreadable as sentence:
            answer = {"unreadable": str(sentence)}
        replies.write(json.dumps(answer, allow_nan=False).encode() + b"\n")
        replies.flush()


def limit_memory() -> None:
    """Cap this process's memory, and leave no image of it behind: it holds partners' data. Not on Windows."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def limit_time() -> None:
    """Cap the processor time from here on. Not on Windows, where only the parent's clock runs."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


if __name__ == "__main__":
    serve()
