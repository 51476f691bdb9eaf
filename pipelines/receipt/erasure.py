"""Files that were erased: their bytes are gone, a tombstone says which they were, who erased them and why.

The tombstones (data/raw/erased.csv) are only ever added to, and one is written before anything is removed: an
erasure that was interrupted is finished by asking for it again.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines import durable
from pipelines.receipt.archive import hash_of
from pipelines.receipt.ledger import as_csv, parts_of
from pipelines.receipt.sight import Receipt
from pipelines.workspace import Workspace

FIELDS = ("sha256", "erased_at", "erased_by", "reason")


@dataclass(frozen=True)
class Tombstone:
    """What is kept of a file that was erased."""

    sha256: str
    erased_at: datetime
    erased_by: str
    reason: str

    def __str__(self) -> str:
        by = f" by {self.erased_by}" if self.erased_by else ""
        return f"erased on {self.erased_at:%d %b %Y}{by}: {self.reason.rstrip('. ')}."


def tombstones(workspace: Workspace) -> dict[str, Tombstone]:
    """The tombstone of each erased file, by its hash; a line that was cut off is none."""
    whole, _ = parts_of(workspace.erased)
    return {
        line["sha256"]: Tombstone(
            line["sha256"], datetime.fromisoformat(line["erased_at"]), line["erased_by"], line["reason"]
        )
        for line in csv.DictReader(io.StringIO(whole, newline=""))
    }


def bury(tombstone: Tombstone, workspace: Workspace) -> list[Path]:
    """Write the tombstone of a file, then remove every copy of it from the archive and from data/raw; those copies."""
    whole, torn = parts_of(workspace.erased)
    if torn:
        durable.replace(whole, workspace.erased)
    if tombstone.sha256 not in tombstones(workspace):
        line = [
            tombstone.sha256,
            tombstone.erased_at.isoformat(timespec="seconds"),
            tombstone.erased_by,
            tombstone.reason,
        ]
        durable.append(as_csv([line] if whole else [list(FIELDS), line]), workspace.erased)
    gone = copies(tombstone.sha256, workspace)
    for path in gone:
        path.unlink()
        durable.sync_folder(path.parent)
    return gone


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
