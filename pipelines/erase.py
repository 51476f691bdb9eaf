"""A file erased: its bytes and what was made of its values, with a tombstone; and which files are kept for too long.

The marts hold values of every file, so they are removed whole: the next run builds them without it. Packs are
issued and are not ours to change; their manifests say that a file they used was erased.
"""

import shutil
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.manifest import note_erased, returns_of
from pipelines.receipt import Receipt, Tombstone, as_one, bury, read_ledger, tombstones, writing
from pipelines.workspace import Workspace

RETENTION = "retention_months"
FRAMEWORK_FOLDER = "framework"


class CannotErase(Exception):
    """What was asked can't be erased; the message says why, and what can."""


@dataclass(frozen=True)
class Erased:
    """What an erasure did: the file, the copies and replies that were removed, and the packs that had used it."""

    receipt: Receipt
    tombstone: Tombstone
    removed: list[Path]
    packs: list[Path]


def find(wanted: str, workspace: Workspace) -> Receipt:
    """The one file of the ledger of that name or hash (its first eight digits or more)."""
    sights: dict[str, list[Receipt]] = {}
    for receipt in read_ledger(workspace):
        sights.setdefault(receipt.sha256, []).append(receipt)
    by_hash = [sha256 for sha256 in sights if len(wanted) >= 8 and sha256.startswith(wanted.casefold())]
    name = Path(wanted).name
    by_name = [
        sha256 for sha256, seen in sights.items() if name in {receipt.original_name for receipt in seen}
    ]
    found = by_hash or by_name
    if not found:
        raise CannotErase(
            f"The ledger knows no file '{wanted}'. Name it as {workspace.ledger} does, or by its SHA-256."
        )
    if len(found) > 1:
        which = "; ".join(
            f"{sha256[:16]}, received {sights[sha256][0].first_seen:%d %b %Y}" for sha256 in found
        )
        raise CannotErase(f"Several files are called '{name}'. Name one by its SHA-256: {which}.")
    receipt = as_one(sights[found[0]])
    if receipt.folder == FRAMEWORK_FOLDER:
        raise CannotErase(
            f"{receipt.original_name} is of the framework, which figures are made by; it is no partner's file."
        )
    return receipt


def erase(receipt: Receipt, by: str, reason: str, workspace: Workspace, now: datetime) -> Erased:
    """Erase one file; asked again, it finishes what was interrupted."""
    with writing(workspace):
        stone = tombstones(workspace).get(receipt.sha256) or Tombstone(
            receipt.sha256, now, by, reason, tuple(returns_of(receipt.sha256, workspace))
        )
        removed = bury(stone, workspace)
    packs = note_erased(receipt.sha256, str(stone), workspace)
    for reply in sorted(workspace.replies.rglob("*.xlsx")):
        if _speaks_of(receipt, reply):
            reply.unlink()
            removed.append(reply)
    for made in sorted(workspace.marts.glob("*")):
        if made.name != "README.md":
            shutil.rmtree(made) if made.is_dir() else made.unlink()
            removed.append(made)
    if workspace.memory.exists():  # what runs remember holds its values too
        shutil.rmtree(workspace.memory)
        removed.append(workspace.memory)
    return Erased(receipt, stone, removed, packs)


def overdue(workspace: Workspace, now: datetime) -> list[tuple[Receipt, int]]:
    """Files kept for longer than the framework's settings say, with the months that they say.

    `retention_months` is for every source, `retention_months_<partner>` for one. The marts tell both who sent what
    and what the settings are.
    """
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        rows = connection.execute(
            """
            select distinct files.sha256, coalesce(own.value, general.value) as months
            from staging.files as files
            left join staging.submissions as sent on files.file_id = sent.file_id
            left join framework.settings as own
                on own.setting_id = $name || '_' || coalesce(sent.partner, files.received_from)
            left join framework.settings as general on general.setting_id = $name
            where files.folder <> $framework and files.state <> 'erased'
                and coalesce(own.value, general.value) is not null
                and files.received_at + to_months(cast(coalesce(own.value, general.value) as integer)) < $now
            """,
            {"name": RETENTION, "framework": FRAMEWORK_FOLDER, "now": now},
        ).fetchall()
    months = {sha256: int(kept) for sha256, kept in rows}
    first: dict[str, Receipt] = {}
    for receipt in read_ledger(workspace):
        first.setdefault(receipt.sha256, receipt)
    return [(receipt, months[sha256]) for sha256, receipt in first.items() if sha256 in months]


def _speaks_of(receipt: Receipt, reply: Path) -> bool:
    """Whether a reply answers that file: its hidden identity names it."""
    try:
        with zipfile.ZipFile(reply) as parts:
            return any(receipt.file_id.encode() in parts.read(name) for name in parts.namelist())
    except zipfile.BadZipFile:
        return False
