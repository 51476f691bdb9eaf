"""What a workspace holds already, found without touching it: the framework and the files received before."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.receipt import Receipt, as_one, is_skipped, read_ledger, without_erased
from pipelines.submission.opening import FRAMEWORK_FOLDER
from pipelines.workspace import Workspace

BEGINNING = datetime(2000, 1, 1)  # for a file without a receipt; no clock enters a reply
Held = tuple[Receipt, Path]


def held(workspace: Workspace) -> tuple[list[Held], list[Receipt]]:
    """Every file of the ledger that counts with the place of a copy, and those of which there is none.

    The archive is made by a run; before the first, copies are looked for in data/raw. Framework files that have
    no receipt yet are held too.
    """
    sights: dict[str, list[Receipt]] = {}
    there, _ = without_erased(read_ledger(workspace), workspace)
    for receipt in there:
        sights.setdefault(receipt.sha256, []).append(receipt)
    receipts = [receipt for receipt in map(as_one, sights.values()) if not receipt.is_check]
    found: list[Held] = []
    lost = []
    raw: dict[str, Path] | None = None
    for receipt in receipts:
        path = workspace.archive / receipt.sha256
        if not path.exists():
            raw = hashes(workspace.raw.rglob("*")) if raw is None else raw
            path = raw.get(receipt.sha256, path)
        if path.exists():
            found.append((receipt, path))
        else:
            lost.append(receipt)
    return found + _newly_put(workspace, receipts), lost


def _newly_put(workspace: Workspace, receipts: Iterable[Receipt]) -> list[Held]:
    """Files put with the framework since the last run: a run would take them in after all that it has."""
    known = {receipt.sha256: receipt.first_seen for receipt in receipts}
    last = max(known.values(), default=BEGINNING)
    files = [
        path for path in sorted(workspace.framework.glob("*")) if path.is_file() and not is_skipped(path.name)
    ]
    new = [(as_if_received(path, FRAMEWORK_FOLDER), path) for path in files]
    return [
        (replace(receipt, first_seen=last + timedelta(seconds=number)), path)
        for number, (receipt, path) in enumerate(new, start=1)
        if receipt.sha256 not in known
    ]


def as_if_received(path: Path, folder: str, received_from: str = "") -> Receipt:
    """The receipt that a file would have."""
    return Receipt(
        sha256=sha256_of(path),
        first_seen=BEGINNING,
        received_from=received_from,
        original_name=path.name,
        folder=folder,
        size=path.stat().st_size,
    )


def hashes(paths: Iterable[Path]) -> dict[str, Path]:
    """SHA-256 → file, for every file among the paths that can be read."""
    found = {}
    for path in paths:
        if path.is_file() and not path.is_symlink():
            found[sha256_of(path)] = path
    return found


def sha256_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
