"""Rows that stop counting because a later file for the same return leaves them out: its sender is asked.

A later file takes the place of the whole of an earlier one, and partners who put one row right often send that row
alone. Without a word the others would be gone from every total.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.contract import Contract
from pipelines.findings import QUERY, Finding
from pipelines.parse.dates import spoken
from pipelines.submission import Submission

RULE = "row_of_earlier_file"
MOST_NAMED = 5


def left_out(contract: Contract, submissions: Sequence[Submission], frame: pd.DataFrame) -> list[Finding]:
    """One query for each submission that counts and lacks rows which stood in an earlier one, same partner and quarter.

    `submissions` are oldest first; `frame` holds the rows that stand, with submission_id and row_id. Asked about are
    the rows of all earlier files, so that a third file does not end the question of the second. A row that is there
    and refused is not left out.
    """
    if not contract.key or contract.is_framework or contract.accumulates:
        return []
    standing: dict[str, list[str]] = {
        str(name): [str(row_id) for row_id in rows] for name, rows in frame.groupby("submission_id")["row_id"]
    }
    of_one: dict[tuple[str | None, str | None], list[Submission]] = {}
    for one in submissions:
        if one.submission_id in standing or (one.is_nil and not one.tidied.row_ids):
            of_one.setdefault((one.partner, one.quarter), []).append(one)
    found = []
    for newest, before in (pair for stood in of_one.values() for pair in _in_turn(stood)):
        there = {contract.key_of(row) for row in newest.tidied.rows}
        gone: dict[tuple[str, ...], tuple[str, Submission]] = {}
        for earlier in before:
            for row in filter(None, map(earlier.tidied.row, standing.get(earlier.submission_id, ()))):
                if (key := contract.key_of(row)) not in there:
                    gone[key] = (_named(contract, row), earlier)
        if gone:
            found.append(_asked(newest, [name for name, _ in gone.values()], [s for _, s in gone.values()]))
    return found


def _in_turn(stood: Sequence[Submission]) -> Iterator[tuple[Submission, list[Submission]]]:
    """The newest with those before it; and each that only came to be checked, as if it came next."""
    received = [one for one in stood if not one.receipt.is_check]
    if received:
        yield received[-1], received[:-1]
    yield from ((one, received) for one in stood if one.receipt.is_check)


def _named(contract: Contract, row: Mapping[str, Any]) -> str:
    """A row as its sender knows it: 'C1_vehicle 2003/04'."""
    return " ".join(str(row.get(f"{name}_label") or row[name]) for name in contract.key if row.get(name))


def _asked(newest: Submission, names: Sequence[str], files: Iterable[Submission]) -> Finding:
    earlier = {f"'{s.receipt.original_name}' of {spoken(s.receipt.first_seen.date())}": None for s in files}
    more = len(names) - MOST_NAMED
    listed = "; ".join(names[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
    are = "a row that is" if len(names) == 1 else f"{len(names)} rows that are"
    return Finding(
        RULE,
        f"{' and '.join(earlier)} had {are} not in this file ({listed}). A later file takes the place of the whole "
        "return, so they don't count any more. Send the whole return again with them in it, or answer that they "
        "are to be left out.",
        QUERY,
        file_id=newest.receipt.file_id,
        submission_id=newest.submission_id,
        sheet=newest.sheet,
        as_typed="; ".join(names),  # other rows left out are another question
    )
