"""Files that were erased: their bytes are gone, a tombstone says which they were, who erased them and why.

The tombstones (data/raw/erased.csv) are only ever added to, and one is written before anything is removed: an
erasure that was interrupted is finished by asking for it again. A second copy lies in the archive: without its
tombstone an erased file would be asked for from a back-up, and taken in again.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pipelines.receipt.archive import hash_of, sweep
from pipelines.receipt.ledger import as_csv, parts_of
from pipelines.receipt.sight import Receipt
from pipelines.storage import durable
from pipelines.workspace import Workspace

FIELDS = ("sha256", "erased_at", "erased_by", "reason", "returns")


class Held(NamedTuple):
    """A return that a file held: which, from whom and for when. Nothing of what it said."""

    name: str
    partner: str
    quarter: str


@dataclass(frozen=True)
class Tombstone:
    """What is kept of a file that was erased; `returns` are those that were found in it, where that is known."""

    sha256: str
    erased_at: datetime
    erased_by: str
    reason: str
    returns: tuple[Held, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        by = f" by {self.erased_by}" if self.erased_by else ""
        return f"erased on {self.erased_at:%d %b %Y}{by}: {self.reason.rstrip('. ')}."


def tombstones(workspace: Workspace) -> dict[str, Tombstone]:
    """The tombstone of each erased file, by its hash; a line that was cut off is none."""
    return _stones(workspace.erased_copy) | _stones(workspace.erased)


def _stones(path: Path) -> dict[str, Tombstone]:
    whole, _ = parts_of(path)
    return {
        line["sha256"]: Tombstone(
            line["sha256"],
            datetime.fromisoformat(line["erased_at"]),
            line["erased_by"],
            line["reason"],
            tuple(Held(*one.split("|")) for one in (line.get("returns") or "").split()),
        )
        for line in csv.DictReader(io.StringIO(whole, newline=""))
    }


def bury(tombstone: Tombstone, workspace: Workspace) -> list[Path]:
    """Write the tombstone of a file, then remove every copy of it from the archive and from data/raw; those copies."""
    stones = tombstones(workspace)
    _write(stones | {tombstone.sha256: stones.get(tombstone.sha256, tombstone)}, workspace)
    sweep(workspace)
    gone = copies(tombstone.sha256, workspace)
    for path in gone:
        path.unlink()
        durable.sync_folder(path.parent)
    return gone


def mend_tombstones(workspace: Workspace) -> list[str]:
    """Make both copies whole: what each has and the other lacks. A sentence about what the record had lost."""
    stones = tombstones(workspace)
    lost = len(stones) - len(_stones(workspace.erased))
    if stones:
        _write(stones, workspace)
    if not lost:
        return []
    return [
        f"{workspace.erased.name} had lost {lost} of its {len(stones)} lines, which were put back from data/archive. "
        "It is only ever added to: leave it where it is."
    ]


def _write(stones: dict[str, Tombstone], workspace: Workspace) -> None:
    """Both copies, in one move each; what stands there already is not written again."""
    text = as_csv([list(FIELDS), *map(_line, stones.values())])
    for path in (workspace.erased, workspace.erased_copy):
        if not path.exists() or path.read_bytes() != text.encode():
            durable.replace(text, path)


def _line(stone: Tombstone) -> list[str]:
    moment = stone.erased_at.isoformat(timespec="seconds")
    held = " ".join("|".join(one) for one in stone.returns)
    return [stone.sha256, moment, stone.erased_by, stone.reason, held]


def copies(sha256: str, workspace: Workspace) -> list[Path]:
    """Every copy of a file that the workspace has as it was received."""
    archived = workspace.archive / sha256
    lying = (path for path in sorted(workspace.raw.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in (archived,) if path.exists()] + [
        path for path in lying if hash_of(path) == sha256
    ]


def without_erased(
    receipts: Iterable[Receipt], workspace: Workspace
) -> tuple[list[Receipt], list[tuple[Receipt, Tombstone]]]:
    """The receipts whose files are there, and those whose files were erased, each with its tombstone."""
    stones = tombstones(workspace)
    receipts = list(receipts)
    gone = [(receipt, stones[receipt.sha256]) for receipt in receipts if receipt.sha256 in stones]
    return [receipt for receipt in receipts if receipt.sha256 not in stones], gone
