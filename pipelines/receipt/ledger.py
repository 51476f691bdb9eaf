"""The ledger (data/raw/receipts.csv): a line for each sight of a file, and only ever added to.

Its second copy lies in the archive (`chain.py`), as data/raw is where people tidy up.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.receipt.sight import Receipt
from pipelines.storage import durable
from pipelines.storage.lock import take
from pipelines.workspace import Workspace

FIELDS = ("sha256", "first_seen", "received_from", "original_name", "folder", "size")
PATIENCE_SECONDS = 60.0  # nobody holds the ledger for longer than it takes to copy a few files


class LedgerError(Exception):
    """The ledger or the archive is not as we left it; a plain sentence says what to do."""


class NotTaken(LedgerError):
    """A file that is not to be taken in, today or later; the sentence says why."""


@contextmanager
def writing(workspace: Workspace) -> Iterator[None]:
    """Be the only one who adds to the ledger and the archive."""
    workspace.work.mkdir(parents=True, exist_ok=True)
    held = take(workspace.work / "ledger.lock", PATIENCE_SECONDS)
    if held is None:
        raise LedgerError("Another command is taking files in. Wait until it has ended and try again.")
    try:
        yield
    finally:
        held.close()


def read_ledger(workspace: Workspace) -> list[Receipt]:
    """Every line of the ledger, oldest first; none if there is no ledger yet.

    A last line that was cut off while it was written was never finished, and does not count.
    """
    receipts = [receipt_of(line, number, workspace) for number, line in enumerate(lines_of(workspace), 2)]
    return sorted(_one_after_another(receipts), key=lambda r: (r.first_seen, r.sha256, r.folder))


def lines_of(workspace: Workspace) -> list[dict[str, str]]:
    """The finished lines of the ledger as they stand, by their headings."""
    whole, _ = parts_of(workspace.ledger, workspace.archive)
    return list(csv.DictReader(io.StringIO(whole, newline="")))


def receipt_of(line: dict[str, str], number: int, workspace: Workspace) -> Receipt:
    """One line of the ledger; LedgerError, a sentence with its `number`, if it is none."""
    try:
        return Receipt(
            sha256=line["sha256"],
            first_seen=datetime.fromisoformat(line["first_seen"]),
            received_from=line["received_from"],
            original_name=line["original_name"],
            folder=line["folder"],
            size=int(line["size"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LedgerError(
            f"{workspace.ledger.name}, line {number} can't be read ({error}). "
            "Restore the file from your back-up; it is only ever added to."
        ) from error


def _one_after_another(receipts: list[Receipt]) -> Iterator[Receipt]:
    """Files taken in one by one within a second come in the ledger's order, a millionth of a second apart.

    Only those of whom somebody said who sent them: a run finds new files all at once, and nobody knows their order.
    """
    named: dict[datetime, int] = {}
    for receipt in receipts:
        if not receipt.received_from:
            yield receipt
            continue
        before = named.get(receipt.first_seen, 0)
        named[receipt.first_seen] = before + 1
        yield replace(receipt, first_seen=receipt.first_seen + timedelta(microseconds=before))


def append(receipts: list[Receipt], workspace: Workspace) -> None:
    """Add a line for each; on the disk when this returns."""
    if not receipts:
        return
    ledger = workspace.ledger
    is_new = not ledger.exists() or not ledger.stat().st_size
    rows = [list(FIELDS)] if is_new else []
    rows += [
        [r.sha256, r.first_seen.isoformat(timespec="seconds"), r.received_from, r.original_name, r.folder, str(r.size)]
        for r in receipts
    ]  # fmt: skip
    durable.append(as_csv(rows), ledger)


def as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def torn_line(path: Path, archive: Path | None = None) -> str | None:
    """What stands at the end of a ledger of a line that was cut off while it was written; None where nothing does."""
    return parts_of(path, archive)[1] or None


def mend(path: Path, archive: Path | None = None) -> str | None:
    """Take a line that was cut off out of a ledger; the sentence that tells of it."""
    whole, torn = parts_of(path, archive)
    if not torn:
        return None
    durable.replace(whole, path)
    return (
        f"The last line of {path.name} was cut off while it was written ({torn.strip()[:60]!r}) and was taken out. "
        "Its file is taken in anew if it lies under data/raw; one handed in by 'lsp receive' must be handed in again."
    )


def parts_of(path: Path, archive: Path | None = None) -> tuple[str, str]:
    """A ledger's finished lines, and what is left of one that was not finished. No file: nothing of either.

    A last line that only lacks its line end is finished if it says the size that its file has in `archive`: an
    editor took the line end away, no power cut did.
    """
    if not path.exists():
        return "", ""
    # Excel, if somebody saved the ledger with it, puts a mark before the first heading
    text = path.read_bytes().decode("utf-8-sig", "replace")
    end, is_quoted = 0, False
    for place, letter in enumerate(text):
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == "\n" and not is_quoted:
            end = place + 1
    head, tail = text[:end], text[end:]
    return (text, "") if not tail.strip() or _is_whole(head, tail, archive) else (head, tail)


def _is_whole(head: str, tail: str, archive: Path | None) -> bool:
    if not head or archive is None:
        return False
    (*_, line) = csv.DictReader(io.StringIO(head + tail, newline=""))
    copy = archive / (line.get("sha256") or "-")
    return copy.is_file() and line.get("size") == str(copy.stat().st_size)
