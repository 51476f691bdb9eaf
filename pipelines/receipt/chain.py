"""The ledger's second copy, in the archive: each of its lines carries a sum over all lines before it.

A ledger that was deleted or cut down in data/raw is made whole from it, and a line that somebody changed in
either shows.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from pipelines.receipt.ledger import FIELDS, as_csv, lines_of, mend, parts_of
from pipelines.storage import durable
from pipelines.workspace import Workspace

CHAIN = "chain"
Line = tuple[str, ...]


def keep(workspace: Workspace) -> list[str]:
    """Make ledger and copy whole: what each has and the other lacks. Sentences about what was found amiss."""
    told = [sentence for sentence in (mend(workspace.ledger, workspace.archive),) if sentence]
    mend(workspace.chain)  # its lines stand in the ledger
    ledger, copy = lines(workspace), copied(workspace)
    if len(ledger) < len(copy) and ledger == copy[: len(ledger)]:
        _restore(copy, workspace)
        lost = len(copy) - len(ledger)
        told.append(
            f"{workspace.ledger.name} had lost {lost} of its {len(copy)} lines, which were put back from "
            f"{workspace.chain.parent.name}/{workspace.chain.name}. It is only ever added to: leave it where it is."
        )
    elif copy == ledger[: len(copy)]:
        _extend(ledger[len(copy) :], workspace)
    else:
        told.append(f"{differing(workspace)} 'lsp verify' says what to do.")
    return told


def lines(workspace: Workspace) -> list[Line]:
    """The ledger's lines, as they stand."""
    return [tuple(str(line.get(name) or "") for name in FIELDS) for line in lines_of(workspace)]


def copied(workspace: Workspace) -> list[Line]:
    """The copy's lines, without their sums."""
    return [line[:-1] for line in _with_sums(workspace)]


def broken(workspace: Workspace) -> int | None:
    """The number of the copy's first line whose sum is not that of the lines up to it; None if all are."""
    return first_broken(_with_sums(workspace))


def with_sums(lines: Iterable[Sequence[str]], before: str = "") -> Iterator[list[str]]:
    """Each line with its sum over itself and all before it, of which `before` is the last sum."""
    for line in lines:
        before = hashlib.sha256(f"{before}\n{as_csv([list(line)])}".encode()).hexdigest()[:16]
        yield [*line, before]


def first_broken(lines: Sequence[Sequence[str]]) -> int | None:
    """The number, in its file, of the first line whose last part is not the sum up to it; None if all are."""
    for number, (mine, given) in enumerate(
        zip(with_sums(line[:-1] for line in lines), lines, strict=True), 2
    ):
        if mine[-1] != given[-1]:
            return number
    return None


def differing(workspace: Workspace) -> str | None:
    """The sentence about the first line in which ledger and copy differ; None where one begins with the other."""
    for number, (mine, kept) in enumerate(zip_longest(lines(workspace), copied(workspace)), start=2):
        if mine is None or kept is None:
            return None
        if mine != kept:
            return (
                f"{workspace.ledger.name}, line {number} says {', '.join(mine)!r}, but when the line was written it "
                f"said {', '.join(kept)!r} (data/archive/{workspace.chain.name})."
            )
    return None


def _with_sums(workspace: Workspace) -> list[Line]:
    whole, _ = parts_of(workspace.chain)
    rows = csv.DictReader(io.StringIO(whole, newline=""))
    return [tuple(str(row.get(name) or "") for name in (*FIELDS, CHAIN)) for row in rows]


def _extend(new: list[Line], workspace: Workspace) -> None:
    if not new:
        return
    kept = _with_sums(workspace)
    rows = list(with_sums(new, kept[-1][-1] if kept else ""))
    if kept:
        durable.append(as_csv(rows), workspace.chain)
    else:
        durable.replace(as_csv([[*FIELDS, CHAIN], *rows]), workspace.chain)


def _restore(copy: list[Line], workspace: Workspace) -> None:
    durable.replace(as_csv([list(FIELDS), *map(list, copy)]), workspace.ledger)
