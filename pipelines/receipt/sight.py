"""One sight of a file: what it was, when and in which folder it came, and from whom."""

import os
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True)
class Receipt:
    """One sight of a file: what it was, when and where it came, and from whom if anybody said.

    `also_in` are the folders in which the same file was seen later, `also_from` the senders who were named before.
    """

    sha256: str
    first_seen: datetime
    received_from: str
    original_name: str
    folder: str
    size: int
    also_in: tuple[str, ...] = ()
    also_from: tuple[str, ...] = ()

    @property
    def file_id(self) -> str:
        return self.sha256[:16]

    @property
    def place(self) -> tuple[str, str]:
        """What makes it a sight of its own: the file, and the folder it came in."""
        return self.sha256, self.folder

    @property
    def is_check(self) -> bool:
        """Whether it only came to be checked: it is judged and answered, and never counted."""
        return is_for_check(self.folder)

    @property
    def folders(self) -> tuple[str, ...]:
        """Every folder of data/raw in which it was seen, without what says that it was only to be checked."""
        return tuple(folder.partition("/")[0] for folder in (self.folder, *self.also_in))


def folder_of(path: Path) -> str:
    """The folder that a file below data/raw came in; '<folder>/check' where a folder within it says so."""
    first, *below = [*map(name_as_text, path.parent.parts), ""]
    return f"{first}/check" if any(map(is_for_check, below)) and not is_for_check(first) else first


def is_for_check(folder: str) -> bool:
    """Whether a folder's name has the word "check" in it: "check", "please check", "for checking"; not "checked"."""
    return bool(re.search(r"(?<![a-z])check(s|ing)?(?![a-z])", folder.casefold()))


def as_one(sights: list[Receipt]) -> Receipt:
    """Every sight of one file, oldest first, as one receipt: it came when it was first seen, and its sender
    is whom we were told last. A file that came to be checked and then to be counted came when it was to be counted.
    """
    sights = [sight for sight in sights if not sight.is_check] or sights
    told = [sight.received_from for sight in sights if sight.received_from]
    last = told[-1] if told else ""
    return replace(
        sights[0],
        received_from=last,
        also_from=tuple(dict.fromkeys(name for name in told if name != last)),
        also_in=tuple(sight.folder for sight in sights[1:]),
    )


def in_force(receipts: list[Receipt], as_at: date) -> list[Receipt]:
    """The receipts that had come in by the end of the day `as_at`."""
    return [receipt for receipt in receipts if receipt.first_seen.date() <= as_at]


def is_skipped(name: str) -> bool:
    """Office lock files and the litter of operating systems, which no partner meant to send."""
    return name.startswith(("~$", ".")) or name.lower() in ("thumbs.db", "desktop.ini")


def name_as_text(name: str) -> str:
    """A file's name as text: one that came out of an old zip archive can hold bytes that are none."""
    return os.fsencode(name).decode("utf-8", "replace")
