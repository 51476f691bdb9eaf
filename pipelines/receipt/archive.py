"""The archive: every file under its hash, whole or absent, and never changed."""

import hashlib
import os
import secrets
import shutil
from pathlib import Path

from pipelines.receipt.ledger import LedgerError
from pipelines.receipt.sight import Receipt
from pipelines.storage import durable
from pipelines.workspace import Workspace

ASIDE = ".incoming-"


def archived(receipt: Receipt, workspace: Workspace) -> Path:
    """The archived copy of a file, once its hash has been checked; LedgerError if it is not whole."""
    path = workspace.archive / receipt.sha256
    if not path.exists():
        raise LedgerError(
            f"The ledger lists {receipt.original_name}, received {receipt.first_seen:%d %B %Y}, but neither "
            "data/raw nor data/archive holds it. Put the file back or restore data/archive from your back-up."
        )
    if hash_of(path) != receipt.sha256:
        raise LedgerError(
            f"The archived copy of {receipt.original_name} has changed since it was received. "
            "Restore data/archive from your back-up, or put the original back under data/raw."
        )
    return path


def hash_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def archive(path: Path, workspace: Workspace) -> str:
    """Copy `path` to the archive under its hash unless it is there whole; the hash of what was copied."""
    sha256 = hash_of(path)
    copy = workspace.archive / sha256
    if copy.exists() and hash_of(copy) == sha256:
        return sha256
    workspace.archive.mkdir(parents=True, exist_ok=True)
    # aside first: an archived file is whole or absent, whenever the power goes
    aside = workspace.archive / f"{ASIDE}{secrets.token_hex(8)}"
    try:
        with path.open("rb") as source, durable.naming(copy):
            with aside.open("xb") as target:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            sha256 = hash_of(aside)
            aside.replace(workspace.archive / sha256)
            durable.sync_folder(workspace.archive)
    finally:
        aside.unlink(missing_ok=True)
    return sha256


def sweep(workspace: Workspace) -> None:
    """Remove copies that a killed command did not finish; only while nobody else is writing."""
    for left in workspace.archive.glob(f"{ASIDE}*"):
        left.unlink()
