"""What a run worked out and the next one need not: kept by the digest of all that it was worked out from.

A cache and nothing more. It may be deleted at any time; an entry that is damaged, or that another version of the code
made, is never found, and what it held is worked out again. What no run uses any more is swept by the next. It holds
partners' values, so it lies in the working folder, and erasing a file empties it.
"""

import hashlib
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipelines.storage import durable

# What reads and judges, beside our own code: with another of these a file may come to something else.
LIBRARIES = (
    "great-expectations", "pandas", "numpy", "duckdb", "python-calamine", "openpyxl", "xlrd", "pyxlsb", "defusedxml",
)  # fmt: skip


@dataclass
class Memory:
    """A folder of entries, each named by its kind and the digest of what it was made from.

    `made_by` is the version of the code; `used` is what this run recalled or kept, `kept` what it kept. With no folder
    nothing is remembered. A run that looks at a part of the files alone, as one as at a day does, forgets nothing.
    """

    folder: Path | None = None
    made_by: str = ""
    forgets: bool = True
    used: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def name(self, kind: str, *made_from: object) -> str:
        """The name of an entry. Whatever could change it must be among what it was `made_from`, told by its repr."""
        told = repr((self.made_by, surroundings(), made_from))
        return f"{kind}-{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}"

    def recall(self, name: str) -> bytes | None:
        """What was kept under a name; None where nothing was, or not as it was written."""
        if self.folder is None:
            return None
        try:
            kept = (self.folder / name).read_bytes()
        except OSError:
            return None
        digest, content = kept[:32], kept[32:]
        if hashlib.sha256(content).digest() != digest:
            return None
        self.used.add(name)
        return content

    def keep(self, name: str, content: bytes) -> None:
        """Keep something under a name. Where there is no room for it, the next run works it out again."""
        if self.folder is None:
            return
        self.used.add(name)
        self.kept.add(name)
        with suppress(OSError):
            durable.put(hashlib.sha256(content).digest() + content, self.folder / name, is_lasting=False)

    def sweep(self) -> None:
        """Remove every entry that this run neither recalled nor kept, and what a killed run left half written."""
        for path in self._entries() if self.forgets else ():
            if path.name not in self.used:
                with suppress(OSError):
                    path.unlink()

    def _entries(self) -> Iterable[Path]:
        return list(self.folder.iterdir()) if self.folder and self.folder.is_dir() else []


@cache
def surroundings() -> tuple[str, ...]:
    """The versions of Python and of the libraries that read and judge."""
    return sys.version, *map(_version, LIBRARIES)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
