"""Names that are functions of content: the code's version and the run's id. Never a counter or a clock."""

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pipelines.issued import Signed
from pipelines.receipt import Receipt
from pipelines.workspace import CODE, CONTRACTS, SQL


def code_version() -> str:
    """The hash of the pipeline's code, SQL and contracts: 16 hexadecimal digits.

    Line ends are left out of it, so that a checkout on Windows has the version it has elsewhere.
    """
    return _version((CODE, "*.py"), (SQL, "*.sql"), (CONTRACTS, "*.yml"))


def contracts_version() -> str:
    """The hash of the contracts alone: 16 hexadecimal digits."""
    return _version((CONTRACTS, "*.yml"))


def _version(*parts: tuple[Path, str]) -> str:
    digest = hashlib.sha256()
    for folder, pattern in parts:
        for path in sorted(folder.rglob(pattern), key=lambda path: path.relative_to(folder).as_posix()):
            digest.update(path.relative_to(folder.parent).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def run_id(receipts: Iterable[Receipt], as_at: date, version: str, signed: Iterable[Signed] = ()) -> str:
    """The hash of everything a run is made from: 12 hexadecimal digits."""
    digest = hashlib.sha256(f"{version} {as_at}".encode())
    for r in receipts:
        line = (r.sha256, r.first_seen.isoformat(), r.received_from, r.original_name, r.folder)
        digest.update(f"{line}\n".encode())
    for one in signed:
        digest.update(f"{one.line}\n".encode())
    return digest.hexdigest()[:12]
