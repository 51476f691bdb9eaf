"""First sight of a file: its hash, a copy in the archive, a line in the ledger.

The ledger (data/raw/receipts.csv) is only ever added to. Everything later reads the ledger and the
archive, never data/raw: a file that is renamed, overwritten or deleted there loses nothing.
"""

import csv
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from pipelines.workspace import Workspace

FIELDS = ("sha256", "first_seen", "received_from", "original_name", "folder", "size")


FRESH_SECONDS = 3.0  # a file untouched for so long has arrived
PAUSE_SECONDS = 0.5  # between two looks at one that has not
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart")


class LedgerError(Exception):
    """The ledger or the archive is not as we left it; a plain sentence says what to do."""


@dataclass(frozen=True)
class Receipt:
    """One sight of a file: what it was, when and where it came, and from whom if anybody said.

    `also_in` are the folders in which the same file was seen later.
    """

    sha256: str
    first_seen: datetime
    received_from: str
    original_name: str
    folder: str
    size: int
    also_in: tuple[str, ...] = ()

    @property
    def file_id(self) -> str:
        return self.sha256[:16]

    @property
    def is_check(self) -> bool:
        """Whether it only came to be checked: it is judged and answered, and never counted."""
        return is_for_check(self.folder)

    @property
    def folders(self) -> tuple[str, ...]:
        """Every folder of data/raw in which it was seen, without what says that it was only to be checked."""
        return tuple(folder.partition("/")[0] for folder in (self.folder, *self.also_in))


def read_ledger(workspace: Workspace) -> list[Receipt]:
    """Every line of the ledger, oldest first; none if there is no ledger yet."""
    if not workspace.ledger.exists():
        return []
    receipts = []
    # Excel, if somebody saved the ledger with it, puts a mark before the first heading
    with workspace.ledger.open(encoding="utf-8-sig", newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines), start=2):
            try:
                receipts.append(
                    Receipt(
                        sha256=line["sha256"],
                        first_seen=datetime.fromisoformat(line["first_seen"]),
                        received_from=line["received_from"],
                        original_name=line["original_name"],
                        folder=line["folder"],
                        size=int(line["size"]),
                    )
                )
            except (KeyError, TypeError, ValueError) as error:
                raise LedgerError(
                    f"{workspace.ledger.name}, line {number} can't be read ({error}). "
                    "Restore the file from your back-up; it is only ever added to."
                ) from error
    return sorted(receipts, key=lambda r: (r.first_seen, r.sha256, r.folder))


def take_receipts(
    workspace: Workspace,
    now: datetime,
    not_taken: list[str] | None = None,
    clock: Callable[[], float] = time.time,
    wait: Callable[[float], None] = time.sleep,
) -> list[Receipt]:
    """Give every new file under data/raw its receipt and its place in the archive; the new receipts.

    What can't be taken in is added to `not_taken`, a sentence each, and the others are taken all the same.
    `clock` and `wait` tell whether a file that was changed just now is still being written.
    """
    known = {(receipt.sha256, receipt.folder) for receipt in read_ledger(workspace)}
    troubles: list[str] = [] if not_taken is None else not_taken
    new = []
    candidates = list(_candidates(workspace.raw))
    growing = _growing(candidates, workspace, clock, wait)
    for path in candidates:
        folder = folder_of(path.relative_to(workspace.raw))
        if path.suffix.lower() in UNFINISHED:
            troubles.append(
                f"{_text(path.name)} in data/raw/{folder} has the name of an upload that did not finish, and was "
                "not taken in. Delete it, and send the file again if it has not come whole."
            )
            continue
        if path in growing:
            troubles.append(
                f"{_text(path.name)} in data/raw/{folder} is still being written and was not taken in. "
                "The next run takes it, once it is whole."
            )
            continue
        if path.is_symlink():
            troubles.append(
                f"{_text(path.name)} in data/raw/{folder} is a link to a file elsewhere and was not followed. "
                "Put the file itself there."
            )
            continue
        try:
            sha256 = _archive(path, workspace)
        except OSError as error:
            troubles.append(
                f"{_text(path.name)} in data/raw/{folder} could not be opened ({error.strerror}). "
                "Close it elsewhere, or allow it to be read, and run again."
            )
            continue
        if (sha256, folder) not in known:
            known.add((sha256, folder))
            new.append(Receipt(sha256, now, "", _text(path.name), folder, path.stat().st_size))
    _append(new, workspace)
    return new


def _growing(
    candidates: list[Path], workspace: Workspace, clock: Callable[[], float], wait: Callable[[float], None]
) -> set[Path]:
    """Those that change between two looks. Only new files that were changed just now are looked at twice."""
    first: dict[Path, tuple[int, int]] = {}
    for path in candidates:
        with suppress(OSError):
            facts = path.lstat()
            is_fresh = clock() - facts.st_mtime < FRESH_SECONDS and not path.is_symlink()
            if is_fresh and not (workspace.archive / _hash(path)).exists():
                first[path] = (facts.st_size, facts.st_mtime_ns)
    if not first:
        return set()
    wait(PAUSE_SECONDS)
    growing = set()
    for path, before in first.items():
        with suppress(OSError):
            facts = path.lstat()
            if (facts.st_size, facts.st_mtime_ns) != before:
                growing.add(path)
    return growing


def folder_of(path: Path) -> str:
    """The folder that a file below data/raw came in; '<folder>/check' where a folder within it says so."""
    first, *below = [*map(_text, path.parent.parts), ""]
    return f"{first}/check" if any(map(is_for_check, below)) and not is_for_check(first) else first


def is_for_check(folder: str) -> bool:
    """Whether a folder's name has the word "check" in it: "check", "please check", "for checking"; not "checked"."""
    return bool(re.search(r"(?<![a-z])check(s|ing)?(?![a-z])", folder.casefold()))


def receive(path: Path, received_from: str, folder: str, workspace: Workspace, now: datetime) -> Receipt:
    """Take one file in: a copy under data/raw/<folder>, a line in the ledger that says from whom.

    A file already held, byte for byte, is not copied again; if its sender is the same it is told by its
    receipt, and if not there is a new line, as what was said last counts.
    """
    sha256 = _archive(path, workspace)
    held = [r for r in read_ledger(workspace) if (r.sha256, r.folder) == (sha256, folder)]
    if held and held[-1].received_from == received_from:
        return held[-1]
    if not held:
        _copy(path, folder, sha256, workspace)
    size = (workspace.archive / sha256).stat().st_size
    receipt = Receipt(sha256, now, received_from, _text(path.name), folder, size)
    _append([receipt], workspace)
    return receipt


def _copy(path: Path, folder: str, sha256: str, workspace: Workspace) -> None:
    """A copy of what was archived of `path` under data/raw/<folder>, beside any file of the same name."""
    place = workspace.raw / folder / path.name
    place.parent.mkdir(parents=True, exist_ok=True)
    number = 2
    while place.exists():
        # a corrected file often has the same name; neither copy may overwrite the other
        place = place.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    shutil.copyfile(workspace.archive / sha256, place)


def as_one(sights: list[Receipt]) -> Receipt:
    """Every sight of one file, oldest first, as one receipt: it came when it was first seen, and its sender
    is whom we were told last. A file that came to be checked and then to be counted came when it was to be counted.
    """
    sights = [sight for sight in sights if not sight.is_check] or sights
    told = [sight.received_from for sight in sights if sight.received_from]
    return replace(
        sights[0],
        received_from=told[-1] if told else "",
        also_in=tuple(sight.folder for sight in sights[1:]),
    )


def in_force(receipts: list[Receipt], as_at: date) -> list[Receipt]:
    """The receipts that had come in by the end of the day `as_at`."""
    return [receipt for receipt in receipts if receipt.first_seen.date() <= as_at]


def archived(receipt: Receipt, workspace: Workspace) -> Path:
    """The archived copy of a file, once its hash has been checked; LedgerError if it is not whole."""
    path = workspace.archive / receipt.sha256
    if not path.exists():
        raise LedgerError(
            f"The ledger lists {receipt.original_name}, received {receipt.first_seen:%d %B %Y}, but neither "
            "data/raw nor data/archive holds it. Put the file back or restore data/archive from your back-up."
        )
    if _hash(path) != receipt.sha256:
        raise LedgerError(
            f"The archived copy of {receipt.original_name} has changed since it was received. "
            "Restore data/archive from your back-up, or put the original back under data/raw."
        )
    return path


def is_skipped(name: str) -> bool:
    """Office lock files and the litter of operating systems, which no partner meant to send."""
    return name.startswith(("~$", ".")) or name.lower() in ("thumbs.db", "desktop.ini")


def _candidates(raw: Path) -> Iterator[Path]:
    for path in sorted(raw.rglob("*")):
        if any(map(is_skipped, path.relative_to(raw).parts)) or not (path.is_symlink() or path.is_file()):
            continue
        if path.parent == raw and path.name in ("receipts.csv", "README.md"):
            continue
        yield path


def _text(name: str) -> str:
    """A file's name as text: one that came out of an old zip archive can hold bytes that are none."""
    return os.fsencode(name).decode("utf-8", "replace")


def _hash(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _archive(path: Path, workspace: Workspace) -> str:
    """Copy `path` to the archive under its hash unless it is there; the hash of what was copied."""
    sha256 = _hash(path)
    if (workspace.archive / sha256).exists():
        return sha256
    workspace.archive.mkdir(parents=True, exist_ok=True)
    # aside first: an archived file is whole or absent, whenever the power goes
    aside = workspace.archive / f".incoming-{secrets.token_hex(8)}"
    try:
        with aside.open("xb") as target, path.open("rb") as source:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        sha256 = _hash(aside)
        aside.replace(workspace.archive / sha256)
    finally:
        aside.unlink(missing_ok=True)
    return sha256


def _append(receipts: list[Receipt], workspace: Workspace) -> None:
    if not receipts:
        return
    workspace.ledger.parent.mkdir(parents=True, exist_ok=True)
    is_new = not workspace.ledger.exists()
    # a ledger that was edited by hand may have lost its last line end
    is_cut = not is_new and not workspace.ledger.read_bytes().endswith(b"\n")
    with workspace.ledger.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        if is_new:
            writer.writerow(FIELDS)
        lines.write("\n" if is_cut else "")
        for receipt in receipts:
            writer.writerow(
                [
                    receipt.sha256,
                    receipt.first_seen.isoformat(timespec="seconds"),
                    receipt.received_from,
                    receipt.original_name,
                    receipt.folder,
                    receipt.size,
                ]
            )
        lines.flush()
        os.fsync(lines.fileno())
