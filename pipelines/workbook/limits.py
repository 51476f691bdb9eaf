"""How large and how odd a file may be, and how long it may take: every limit, in one place, with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

SETTING = "limit_"  # the framework's setting limit_sheets is Limits.sheets


@dataclass(frozen=True)
class Limits:
    """What we take. A file beyond one of them is refused, and the sentence says which.

    Sizes are in bytes, times in seconds; what is counted is counted for all sheets of a file together.
    """

    file_bytes: int = 25_000_000  # thirty times the largest honest return we have seen
    parts: int = 2_000  # of an archive; a return of 20 sheets has about 100
    unpacked_bytes: int = 300_000_000  # what a reader with 2 GB can hold, with room to spare
    ratio: int = 250  # repetitive but honest sheets reach 120 to 1; a bomb comes near 1,000 to 1
    sheets: int = 200  # the largest honest return has 20
    cells: int = 1_000_000  # formatted blanks included
    grid: int = 10_000_000  # rows × columns up to the last cell: what a reader sets aside
    merges: int = 100_000  # a real file had 50,000
    cell_text: int = 65_535  # characters; Excel allows 32,767, Google Sheets 50,000
    text: int = 100_000_000  # characters; a shared text counts with every cell that shows it
    fills: int = 200_000  # coloured cells that are handed on
    seconds: float = 60  # for one file; the largest honest one takes two
    cpu_seconds: int = 90  # more than that, so it only ends a child whose parent is gone
    memory_bytes: int = 2 << 30
    readers: int = 0  # files read at the same time; 0: as many as there are processors, and four at most

    def changed_by(self, settings: Mapping[str, str]) -> Limits:
        """These limits with those that the framework sets otherwise. ValueError, a sentence, for no number."""
        changes: dict[str, int] = {}
        for field in fields(self):
            typed = settings.get(SETTING + field.name)
            if typed is None:
                continue
            plain = str(typed).replace(",", "").strip()
            if not plain.isdecimal():
                raise ValueError(
                    f"The setting '{SETTING}{field.name}' is '{typed}', and should be a whole number."
                )
            changes[field.name] = int(plain)
        return replace(self, **changes)


LIMITS = Limits()
