"""Every archived file opened once, several at a time, each by a process of its own; the framework's first.

The framework says in which encoding each partner saves its text files, so returns are opened after it was read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from pipelines.cells import Book, Unreadable
from pipelines.findings import QUERY, Finding
from pipelines.framework.references import References
from pipelines.headings import plain
from pipelines.receipt import Receipt, archived, as_one
from pipelines.storage.memory import Memory
from pipelines.workbook.formats.text_tables import Declared
from pipelines.workbook.limits import LIMITS, Limits
from pipelines.workbook.reader import Reader, book_as_json, book_from, pack, unpack
from pipelines.workspace import Workspace

FRAMEWORK_FOLDER = "framework"
TEXT_ENCODING = "text_encoding"  # the framework's setting: how text files are encoded where nobody says
MOST_READERS = 4
KIND = "book"


@dataclass(frozen=True)
class Opened:
    """A file as opened: a book, or the sentence of why it can't be read.

    `book_from` is the name under which the book is remembered, which changes with all that a book hangs on; "" where
    nothing is remembered of it.
    """

    receipt: Receipt
    book: Book | None
    sentence: str | None = None
    book_from: str = ""


@dataclass(frozen=True)
class Encodings:
    """How the partners' text files are encoded: by partner, by name in plain words, and by default."""

    default: str | None = None
    of_partner: Mapping[str, str | None] | None = None
    partners: Mapping[str, str] | None = None  # plain name → partner

    def for_file(self, receipt: Receipt) -> Declared:
        """What is declared for one file: for its sender where the ledger says who that is."""
        known, partners = self.of_partner or {}, self.partners or {}
        if receipt.received_from:
            sender = partners.get(plain(receipt.received_from), "")
            return Declared(known.get(sender) or self.default)
        named = {name: encoding for name, partner in partners.items() if (encoding := known.get(partner))}
        return Declared(self.default, named)


def encodings(references: References) -> Encodings:
    """What the framework says of text files, in its settings and of its partners."""
    partners, settings = references.get("framework.partners"), references.get("framework.settings")
    default = settings.facts.get(TEXT_ENCODING, {}).get("value") if settings else None
    if not partners:
        return Encodings(default)
    of_partner = {name: facts.get("encoding") for name, facts in partners.facts.items()}
    return Encodings(default, of_partner, partners.ids)


def limits_of(references: References) -> Limits:
    """The limits, as far as the framework's settings change them. ValueError, a sentence, for no number."""
    settings = references.get("framework.settings")
    facts: Mapping[str, Mapping[str, Any]] = settings.facts if settings else {}
    return LIMITS.changed_by({name: str(row.get("value")) for name, row in facts.items()})


def files_of(receipts: list[Receipt]) -> list[Receipt]:
    """Each file once, in the order of first sight."""
    sights: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        sights.setdefault(receipt.sha256, []).append(receipt)
    return [as_one(seen) for seen in sights.values()]


def sent_again(receipts: list[Receipt], workspace: Workspace) -> list[Finding]:
    """A finding for each file that came in for a second quarter."""
    nowhere = (workspace.inbox.name, "")  # for no quarter in particular
    sights: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        sights.setdefault(receipt.sha256, []).append(receipt)
    counted = [[sight for sight in seen if not sight.is_check] for seen in sights.values()]
    return [
        _same_again(later, first)
        for first, *others in filter(None, counted)
        for later in others
        if later.folder != first.folder and later.folder not in nowhere and first.folder not in nowhere
    ]


def open_files(
    receipts: list[Receipt],
    workspace: Workspace,
    declared: Encodings | None = None,
    limits: Limits = LIMITS,
) -> tuple[list[Opened], list[Finding]]:
    """Open each archived file once; the same file sent again is a finding."""
    return open_each(files_of(receipts), workspace, declared, limits), sent_again(receipts, workspace)


def open_each(
    files: Iterable[Receipt],
    workspace: Workspace,
    declared: Encodings | None = None,
    limits: Limits = LIMITS,
    where: Callable[[Receipt], Path] | None = None,
    memory: Memory | None = None,
) -> list[Opened]:
    """The files in their order, as many at a time as there are readers; how many changes nothing but the time.

    `where` says where each lies: in the archive, unless it says otherwise. A book that `memory` has is not read again;
    why a file can't be read is not remembered, as that may lie in the machine.
    """
    files = list(files)
    declared = declared or Encodings()
    opened: list[Opened | None] = [None] * len(files)
    names = [""] * len(files)
    if memory and memory.folder:
        names = [
            memory.name(KIND, file.sha256, file.original_name, declared.for_file(file), limits)
            for file in files
        ]
        opened = [_remembered(*one, memory) for one in zip(files, names, strict=True)]
    left = [number for number, one in enumerate(opened) if one is None]
    count = min(limits.readers or min(MOST_READERS, os.cpu_count() or 1), len(left))
    idle: SimpleQueue[Reader] = SimpleQueue()

    def open_one(number: int) -> Opened:
        receipt, name = files[number], names[number]
        path = where(receipt) if where else archived(receipt, workspace)
        reader = idle.get()
        try:
            book = reader.read(path, receipt.original_name, declared.for_file(receipt))
        except Unreadable as refusal:
            return Opened(receipt, None, str(refusal))
        finally:
            idle.put(reader)
        if memory and name:
            memory.keep(name, pack(book_as_json(book)))
        return Opened(receipt, book, book_from=name)

    with ExitStack() as stack:
        for _ in range(count):
            idle.put(stack.enter_context(Reader(limits)))
        with ThreadPoolExecutor(max(1, count)) as pool:
            for number, one in zip(left, pool.map(open_one, left), strict=True):
                opened[number] = one
    return [one for one in opened if one]


def _remembered(receipt: Receipt, name: str, memory: Memory) -> Opened | None:
    kept = memory.recall(name)
    if kept is None:
        return None
    try:
        return Opened(receipt, book_from(unpack(kept)), book_from=name)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _same_again(receipt: Receipt, earlier: Receipt) -> Finding:
    return Finding(
        rule="file_is_new",
        because=f"'{receipt.original_name}' in {receipt.folder or 'data/raw'} is byte for byte the file "
        f"'{earlier.original_name}' received on {earlier.first_seen:%d %B %Y} in {earlier.folder or 'data/raw'}. "
        "It was counted once. If it should have been another file, send that one.",
        consequence=QUERY,
        file_id=receipt.file_id,
        folder=receipt.folder,
    )
