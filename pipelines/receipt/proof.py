"""Proof that ledger and archive are as they were left. It changes nothing."""

import re
from dataclasses import dataclass

from pipelines.receipt import chain
from pipelines.receipt.archive import hash_of
from pipelines.receipt.erasure import copies, tombstones
from pipelines.receipt.ledger import LedgerError, lines_of, receipt_of, torn_line
from pipelines.receipt.sight import Receipt
from pipelines.workspace import Workspace


@dataclass(frozen=True)
class Proof:
    """What was found: how many lines and files were looked at, what is wrong, what the next run sees to, and how many
    files were erased.
    """

    lines: int
    files: int
    faults: tuple[str, ...]
    remarks: tuple[str, ...]
    erased: int = 0


def prove(workspace: Workspace) -> Proof:
    """Look at every line of the ledger and every file of the archive."""
    receipts, faults = _lines(workspace)
    held = {
        path.name: path for path in workspace.archive.glob("*") if re.fullmatch("[0-9a-f]{64}", path.name)
    }
    sound = {name for name, path in held.items() if hash_of(path) == name}
    first = {receipt.sha256: receipt for receipt in reversed(receipts)}
    stones = tombstones(workspace)
    for sha256, stone in stones.items():
        name = first[sha256].original_name if sha256 in first else sha256
        faults += [
            f"{name} was {stone} But a copy is still there: {path}" for path in copies(sha256, workspace)
        ]
    for sha256, receipt in reversed(first.items()):
        if sha256 in stones:
            continue
        who = f"{receipt.original_name}, received {receipt.first_seen:%d %b %Y}"
        if sha256 not in held:
            faults.append(
                f"{who}: the archive does not hold it (SHA-256 {sha256}). If it still lies under data/raw, the next "
                "run archives it; else restore data/archive from your back-up."
            )
        elif sha256 not in sound:
            faults.append(
                f"{who}: its archived copy has changed (SHA-256 {sha256}). If the original lies under data/raw, the "
                "next run puts it back; else restore data/archive from your back-up."
            )
        elif held[sha256].stat().st_size != receipt.size:
            faults.append(
                f"{who}: the ledger says {receipt.size} bytes, the archive {held[sha256].stat().st_size}."
            )
    for name in sorted(held.keys() - first.keys()):
        faults += (
            [] if name in sound else [f"data/archive/{name} does not have the SHA-256 that it is named by."]
        )
    unfinished = _unfinished(workspace, len(held.keys() - first.keys()))
    erased = len(stones.keys() & first.keys())
    return Proof(len(receipts), len(held), (*faults, *_chain(workspace)), tuple(unfinished), erased)


def _lines(workspace: Workspace) -> tuple[list[Receipt], list[str]]:
    receipts, faults = [], []
    for number, line in enumerate(lines_of(workspace), start=2):
        try:
            receipts.append(receipt_of(line, number, workspace))
        except LedgerError as error:
            faults.append(str(error))
    return receipts, faults


def _chain(workspace: Workspace) -> list[str]:
    """What is wrong between the ledger and its copy, or within the copy."""
    if number := chain.broken(workspace):
        return [
            f"data/archive/{workspace.chain.name}, line {number} was changed after it was written: its sum is not that "
            "of the lines up to it. Restore it from your back-up."
        ]
    if differs := chain.differing(workspace):
        return [
            f"{differs} Put the ledger's line back as it was. If the change was meant, remove "
            f"data/archive/{workspace.chain.name}: the next run begins it anew."
        ]
    lost = len(chain.copied(workspace)) - len(chain.lines(workspace))
    return (
        [f"{workspace.ledger.name} has lost {_lines_in_words(lost)}. The next run puts them back."]
        if lost > 0
        else []
    )


def _unfinished(workspace: Workspace, spare: int) -> list[str]:
    """What a command that was interrupted left, and the next run sees to by itself; `spare` files have no line."""
    said = []
    if torn := torn_line(workspace.ledger, workspace.archive):
        said.append(
            f"The last line of {workspace.ledger.name} was cut off while it was written ({torn.strip()[:60]!r}). "
            "The next run takes it out."
        )
    if late := len(chain.lines(workspace)) - len(chain.copied(workspace)):
        said += (
            [f"The copy of the ledger lacks {_lines_in_words(late)}. The next run adds them."]
            if late > 0
            else []
        )
    if spare:
        said.append(
            f"{spare} archived files have no line in the ledger: a command was interrupted between the two. The next "
            "run gives them theirs, if they lie under data/raw."
        )
    return said


def _lines_in_words(number: int) -> str:
    return f"{number} line{'' if number == 1 else 's'}"
