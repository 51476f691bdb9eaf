"""The ledger (data/raw/receipts.csv): a line for each sight of a file, and only ever added to."""

import csv
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from pipelines.receipt.sight import Receipt
from pipelines.workspace import Workspace

FIELDS = ("sha256", "first_seen", "received_from", "original_name", "folder", "size")


class LedgerError(Exception):
    """The ledger or the archive is not as we left it; a plain sentence says what to do."""


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
    return sorted(_one_after_another(receipts), key=lambda r: (r.first_seen, r.sha256, r.folder))


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
