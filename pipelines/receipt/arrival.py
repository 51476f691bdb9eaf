"""Files taken in: those that lie under data/raw, and those that are handed in by `lsp receive`."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pipelines.house_style.ours import is_unanswered_reply
from pipelines.receipt.archive import archive, hash_of, sweep
from pipelines.receipt.chain import keep
from pipelines.receipt.erasure import mend_tombstones, tombstones
from pipelines.receipt.ledger import NotTaken, append, read_ledger, writing
from pipelines.receipt.sight import Receipt, folder_of, is_skipped, name_as_text
from pipelines.workspace import Workspace

FRESH_SECONDS = 3.0  # a file untouched for so long has arrived
PAUSE_SECONDS = 0.5  # between two looks at one that has not
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart")


def take_receipts(
    workspace: Workspace,
    now: datetime,
    not_taken: list[str] | None = None,
    clock: Callable[[], float] = time.time,
    wait: Callable[[float], None] = time.sleep,
    skipped: list[str] | None = None,
    mended: list[str] | None = None,
) -> list[Receipt]:
    """Give every new file under data/raw its receipt and its place in the archive; the new receipts.

    What can't be taken in is added to `not_taken`, a sentence each, and the others are taken all the same. Replies of
    ours in which nobody has written anything are added to `skipped`: nobody meant to send them yet.
    What was amiss with the ledger is added to `mended`. `clock` and `wait` tell whether a file that was changed just
    now is still being written.
    """
    with writing(workspace):
        sweep(workspace)
        return _take(workspace, now, not_taken, clock, wait, skipped, mended)


def _take(
    workspace: Workspace,
    now: datetime,
    not_taken: list[str] | None,
    clock: Callable[[], float],
    wait: Callable[[float], None],
    skipped: list[str] | None,
    mended: list[str] | None,
) -> list[Receipt]:
    troubles: list[str] = [] if not_taken is None else not_taken
    left: list[str] = [] if skipped is None else skipped
    found = []
    erased = tombstones(workspace)
    candidates = list(_candidates(workspace.raw))
    growing = _growing(candidates, workspace, clock, wait)
    for path in candidates:
        folder = folder_of(path.relative_to(workspace.raw))
        if path.suffix.lower() in UNFINISHED:
            troubles.append(
                f"{name_as_text(path.name)} in data/raw/{folder} has the name of an upload that did not finish, and "
                "was not taken in. Delete it, and send the file again if it has not come whole."
            )
            continue
        if path.is_symlink():
            troubles.append(
                f"{name_as_text(path.name)} in data/raw/{folder} is a link to a file elsewhere and was not followed. "
                "Put the file itself there."
            )
            continue
        if is_unanswered_reply(path):
            left.append(
                f"{name_as_text(path.name)} in data/raw/{folder} is a reply of ours, not answered yet. Fill it in and "
                "save it, and the next run takes it."
            )
            continue
        if path in growing:
            troubles.append(
                f"{name_as_text(path.name)} in data/raw/{folder} is still being written and was not taken in. "
                "The next run takes it, once it is whole."
            )
            continue
        try:
            if (stone := erased.get(hash_of(path))) is not None:
                left.append(
                    f"{name_as_text(path.name)} in data/raw/{folder} was {stone} It stays out; remove it."
                )
                continue
            sha256 = archive(path, workspace)
        except OSError as error:
            if Path(error.filename or "").parent == workspace.archive:
                raise  # no fault of that file: nothing can be archived
            troubles.append(
                f"{name_as_text(path.name)} in data/raw/{folder} could not be opened ({error.strerror}). "
                "Close it elsewhere, or allow it to be read, and run again."
            )
            continue
        size = (workspace.archive / sha256).stat().st_size
        found.append(Receipt(sha256, now, "", name_as_text(path.name), folder, size))
    # now that the archive has them: whether the ledger's last line is whole is told by its file
    told = keep(workspace) + mend_tombstones(workspace)
    if mended is not None:
        mended += told
    known = {receipt.place for receipt in read_ledger(workspace)}
    new = []
    for receipt in found:
        if receipt.place not in known:
            known.add(receipt.place)
            new.append(receipt)
    append(new, workspace)
    keep(workspace)
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
            if is_fresh and not (workspace.archive / hash_of(path)).exists():
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


def receive(path: Path, received_from: str, folder: str, workspace: Workspace, now: datetime) -> Receipt:
    """Take one file in: a copy under data/raw/<folder>, a line in the ledger that says from whom.

    A file already held, byte for byte, is not copied again; if its sender is the same it is told by its
    receipt, and if not there is a new line, as what was said last counts.
    NotTaken where it was erased.
    """
    with writing(workspace):
        if (stone := tombstones(workspace).get(hash_of(path))) is not None:
            raise NotTaken(f"{path.name} was {stone} It is not taken in again.")
        sha256 = archive(path, workspace)
        keep(workspace)
        held = [r for r in read_ledger(workspace) if r.place == (sha256, folder)]
        if held and held[-1].received_from == received_from:
            return held[-1]
        size = (workspace.archive / sha256).stat().st_size
        receipt = Receipt(sha256, now, received_from, name_as_text(path.name), folder, size)
        append([receipt], workspace)
        keep(workspace)
        # last: a copy without its line would be taken by the next run, as from nobody
        if not held:
            _copy(path, folder, sha256, workspace)
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
    # in one move, and until then under a name that no run takes
    aside = place.with_name(f".{place.name}.incoming")
    shutil.copyfile(workspace.archive / sha256, aside)
    aside.replace(place)


def _candidates(raw: Path) -> Iterator[Path]:
    for path in sorted(raw.rglob("*")):
        if any(map(is_skipped, path.relative_to(raw).parts)) or not (path.is_symlink() or path.is_file()):
            continue
        if path.parent == raw and path.name in ("receipts.csv", "erased.csv", "issued.csv", "README.md"):
            continue
        yield path
