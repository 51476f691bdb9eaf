"""Rules asked only of the rows that they were not asked of before.

What Great Expectations says of a row hangs on that row, on the rules and on those rows that it is compared with. So
the rows come in parts, no rule looks beyond one, and each part's answer is remembered by the digest of its rows.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.contract import Rule
from pipelines.storage.memory import Memory
from pipelines.validate import asking

KIND = "verdicts"
PART = "submission_id"
# What decides each row by itself. Any other expectation may look at all rows, and so has all of them as its part.
BY_ROW = frozenset(
    {
        "expect_column_pair_values_a_to_be_greater_than_b",
        "expect_column_pair_values_to_be_equal",
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_be_null",
        "expect_column_values_to_hold_no_personal_data",
        "expect_column_values_to_match_regex",
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_not_match_regex",
    }
)
Broken = list[tuple[Rule, Mapping[str, Any]]]
Lines = list[list[str]]  # of each broken rule and line: the rule's id, and the index columns


def broken(
    name: str,
    frame: pd.DataFrame,
    rules: list[Rule],
    index: list[str],
    memory: Memory,
    parts: Sequence[str] | None = None,
) -> Broken:
    """As `asking.broken`, in the order of the rules and, for each, of the lines of `frame`.

    `parts` says of each line which part it belongs to; None: all belong to one.
    """
    if not memory.folder:
        return asking.broken(name, frame, rules, index)
    if parts is None or not all(map(_stays_within, rules)):
        parts = [""] * len(frame)
    asked = [(rule.id, rule.expectation, sorted(rule.arguments.items())) for rule in rules]
    entry = memory.name(KIND, name, index, asked)
    earlier = _loaded(memory.recall(entry))
    digests = _digests(frame, parts)
    known = {digest: earlier[digest] for digest in digests.values() if digest in earlier}
    new = {part for part, digest in digests.items() if digest not in earlier}
    if new:
        is_new = pd.Series(parts, index=frame.index).isin(new)
        fresh: dict[str, Lines] = {digests[part]: [] for part in new}
        part_of = dict(zip(_keys(frame, index), parts, strict=True))
        for rule, line in asking.broken(name, frame[is_new].reset_index(drop=True), rules, index):
            key = tuple(line[column] for column in index)
            fresh[digests[part_of[key]]].append([rule.id, *key])
        known |= fresh
        # asked twice in one run, as for files that only came to be checked, both answers are kept
        stays = entry in memory.kept or not memory.forgets
        memory.keep(entry, json.dumps(earlier | known if stays else known).encode())
    return _in_order([line for digest in digests.values() for line in known[digest]], frame, rules, index)


def _stays_within(rule: Rule) -> bool:
    """Whether a rule looks at no row of another part."""
    if "mostly" in rule.arguments:
        return False
    is_unique = rule.expectation == "expect_compound_columns_to_be_unique"
    return rule.expectation in BY_ROW or (is_unique and PART in rule.arguments["column_list"])


def _digests(frame: pd.DataFrame, parts: Sequence[str]) -> dict[str, str]:
    """Part → the digest of its rows, with the names and types of their columns."""
    head = repr([(str(column), str(kind)) for column, kind in frame.dtypes.items()])
    rows: dict[str, list[tuple[Any, ...]]] = {part: [] for part in parts}
    columns = [frame[column].tolist() for column in frame]
    for part, row in zip(parts, zip(*columns, strict=True), strict=True):
        rows[part].append(row)
    return {
        part: hashlib.sha256((head + repr(mine)).encode("utf-8", "surrogatepass")).hexdigest()
        for part, mine in rows.items()
    }


def _keys(frame: pd.DataFrame, index: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(frame[column].tolist() for column in index), strict=True))


def _in_order(lines: Lines, frame: pd.DataFrame, rules: list[Rule], index: list[str]) -> Broken:
    """The lines by rule, and by their place in the frame."""
    if not lines:
        return []
    by_id = {rule.id: (number, rule) for number, rule in enumerate(rules)}
    places = {key: number for number, key in enumerate(_keys(frame, index))}
    lines = sorted(lines, key=lambda line: (by_id[line[0]][0], places[tuple(line[1:])]))
    return [(by_id[rule][1], dict(zip(index, key, strict=True))) for rule, *key in lines]


def _loaded(kept: bytes | None) -> dict[str, Lines]:
    try:
        return dict(json.loads(kept)) if kept else {}
    except ValueError:
        return {}
