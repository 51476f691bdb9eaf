"""The sheet of one return for one partner: which rows it comes with, what stands in them, what is expected.

Everything is derived: columns, headings and lists from the contract; the rows from what the framework assigns to
the partner; their periods from how often a value comes and how long it takes; values from what was last accepted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from pipelines.contract import RATING_SCALE, Column, Contract
from pipelines.parse import Period, as_typed
from pipelines.references import References
from pipelines.template.assigned import assigned
from pipelines.template.due import due_periods
from pipelines.template.identity import ExpectedRow
from pipelines.template.model import Facts, Field, ReturnSheet, Row, Written
from pipelines.template.values import name_of, written
from pipelines.template.words import GUIDE, LAST_TIME

SPARE_ROWS = 10
LARGE_CHANGE_PCT = 25  # where the framework has no setting 'template_change_pct'
GUIDES = ("title", "unit", "due_on")  # of the framework's row of the key, what helps to fill in
DUE, SAME_YEAR, LAST = (
    "due",
    "year",
    "last",
)  # what a contract may say of a column's `prefill`, or a framework column
WIDTHS = {"date": 14, "money": 15, "rating": 15, "choice": 15, "period": 18, "quarter": 14}
TEXT_WIDTH, WIDE, FIGURE_WIDTH = 22, 44, 13
ANOTHER = "Another row, if you need one"


@dataclass(frozen=True)
class Situation:
    """What a sheet is made from: contracts, framework, the quarter and the cut-off before it, and the past.

    `past` are the rows last accepted from the partner, by return: staging's, of earlier quarters.
    """

    contracts: Mapping[str, Contract]
    references: References
    partner: str
    quarter: str
    starts_on: date
    ends_on: date
    last_cut_off: date
    cut_off: date
    past: Mapping[str, Sequence[Facts]]


def fields_of(contract: Contract, contracts: Mapping[str, Contract], with_guides: bool = True) -> list[Field]:
    """The sheet's columns: the key first, what explains it, then each value beside what it was last time."""
    keys = [contract.by_name[name] for name in contract.key]
    fields = [_field(keys[0], contract)]
    if with_guides:
        fields += _guides(contract, contracts)
    has_past = with_guides and any(column.last_time for column in contract.columns)
    for column in [*keys[1:], *(c for c in contract.columns if c.name not in contract.key)]:
        if has_past and (column.last_time or (column.type == "period" and column in keys)):
            width = WIDTHS.get(column.type, FIGURE_WIDTH)
            fields.append(Field(f"last:{column.name}", f"{LAST_TIME} {column.header}", width))
        fields.append(_field(column, contract))
    return fields


def _field(column: Column, contract: Contract) -> Field:
    width = WIDTHS.get(column.type, TEXT_WIDTH if column.type == "text" else FIGURE_WIDTH)
    if column.explains:
        width = WIDE
    elif column.name == contract.key[0]:
        width = 16
    return Field(column.name, column.header, width, column)


def _guides(contract: Contract, contracts: Mapping[str, Contract]) -> list[Field]:
    entity = contracts.get(contract.by_name[contract.key[0]].refers_to or "")
    shown_already = {column.prefill for column in contract.columns}
    has_units = any(column.unit_of for column in contract.columns)
    names = [
        name
        for name in GUIDES
        if entity and name in entity.by_name and name not in shown_already and (has_units or name != "unit")
    ]
    return [
        Field(
            f"guide:{name}", f"{GUIDE} {entity.by_name[name].header}", {"title": 40, "unit": 18}.get(name, 14)
        )
        for name in names
        if entity
    ]


def build_sheet(contract: Contract, situation: Situation, partner_name: str, label: str) -> ReturnSheet:
    """The sheet, ready to be drawn."""
    rows, expected = _rows(contract, situation)
    settings = situation.references.get("framework.settings")
    change = settings.facts.get("template_change_pct", {}).get("value") if settings else None
    return ReturnSheet(
        contract=contract,
        title=contract.title,
        fields=fields_of(contract, situation.contracts),
        rows=[*rows, *(Row(is_spare=True, is_expected=False) for _ in range(SPARE_ROWS))],
        partner_name=partner_name,
        quarter_label=label,
        lists=lists_of(contract, situation.references, rows),
        expected=expected,
        change_pct=float(change or LARGE_CHANGE_PCT),
    )


def lists_of(contract: Contract, references: References, rows: Iterable[Row]) -> dict[str, list[str]]:
    """The choices of each column that has any: its own, the rating scale's words, or the framework's names.

    For the reference that makes the row it is those of the partner's own rows: nobody else may send them.
    """
    lists: dict[str, list[str]] = {}
    own = list(
        dict.fromkeys(str(row.values[contract.key[0]].value) for row in rows if contract.key[0] in row.values)
    )
    for column in contract.columns:
        if column.choices:
            lists[column.name] = list(column.choices)
        elif column.type == "rating" and RATING_SCALE in references:
            scale = sorted(references[RATING_SCALE].facts.values(), key=lambda row: row["rank"])
            lists[column.name] = [str(row["word"]).strip() for row in scale]
        elif column.refers_to in references:
            ids = references[column.refers_to].facts
            if column.name == contract.key[0]:
                lists[column.name] = own or [str(id_) for id_ in ids]
            else:
                lists[column.name] = [name_of(column.refers_to, id_, references) for id_ in ids]
    return {name: list(dict.fromkeys(choices)) for name, choices in lists.items() if choices}


def _rows(contract: Contract, situation: Situation) -> tuple[list[Row], tuple[ExpectedRow, ...]]:
    first = contract.by_name[contract.key[0]]
    s = situation
    ids = (
        assigned(first.refers_to, s.partner, s.contracts, s.references, s.starts_on, s.ends_on)
        if first.refers_to
        else None
    )
    rows: list[Row] = []
    expected: list[ExpectedRow] = []
    for id_ in ids or ():
        facts = s.references[first.refers_to or ""].facts[id_]
        past = [row for row in s.past.get(contract.name, ()) if row.get(first.name) == id_]
        choices = [_keys(contract.by_name[name], first, facts, past, s) for name in contract.key[1:]]
        for combination in product(*choices):
            key: dict[str, Any] = {first.name: id_}
            is_due = True
            for name, (value, due) in zip(contract.key[1:], combination, strict=True):
                key[name], is_due = value, is_due and due
            row, offered = _row(contract, key, facts, past, s, is_due=is_due)
            rows.append(row)
            expected.append(offered)
    return rows, tuple(expected)


def _keys(
    column: Column, first: Column, facts: Facts, past: Sequence[Facts], s: Situation
) -> list[tuple[Any, bool]]:
    """What can stand in another column of the key, and whether each is expected or only offered."""
    if column.type == "period":
        return [(period, True) for period in due_periods(facts, s.starts_on, s.last_cut_off, s.cut_off)] or [
            (None, False)
        ]
    values: dict[Any, bool] = {}
    if column.default_setting and "framework.settings" in s.references:
        setting = s.references["framework.settings"].facts.get(column.default_setting, {})
        values[setting.get("value")] = True
    entity = s.contracts.get(first.refers_to or "")
    for other in entity.columns if entity and column.refers_to else ():
        if other.refers_to == column.refers_to:  # what the framework sets beside the place's own value
            values.setdefault(facts.get(other.name), True)
    for row in past:
        values.setdefault(row.get(column.name), False)
    return [(value, due) for value, due in values.items() if value] or [(None, False)]


def _row(
    contract: Contract,
    key: Mapping[str, Any],
    facts: Facts,
    past: Sequence[Facts],
    s: Situation,
    *,
    is_due: bool,
) -> tuple[Row, ExpectedRow]:
    staged = {name: value.key if isinstance(value, Period) else value for name, value in key.items()}
    periods = {name for name, value in key.items() if isinstance(value, Period)}
    series = [
        row for row in past if all(row.get(n) == v for n, v in staged.items() if n not in periods and v)
    ]
    last = max(series, key=lambda row: _recency(contract, row), default=None)
    same = (
        next((row for row in series if all(row.get(n) == staged[n] for n in periods)), None)
        if periods
        else last
    )
    is_known = same is not None and bool(periods)
    row: dict[str, Any] = dict(staged)
    for name in periods:
        row[f"{name}_label"] = key[name].label
    for column in contract.columns:
        row |= _prefill(contract, column, facts, same, s)
    unit = facts.get("unit")
    values = {c.name: w for c in contract.columns if (w := _written(c, contract, row, s, unit))}
    prefilled = {name: as_typed(w.value) for name, w in values.items()}
    if last:
        for column in contract.columns:
            if column.last_time or column.type == "period":
                w = written(column, last, s.references, unit)
                values |= {f"last:{column.name}": w} if w else {}
    values |= {f"guide:{name}": Written(facts[name]) for name in GUIDES if facts.get(name)}
    locked = frozenset(name for name in (*contract.key, *_framework_given(contract, row)) if name in values)
    is_expected = is_due and not is_known
    offered = ExpectedRow(
        contract.name, {n: str(v) for n, v in staged.items() if v is not None}, prefilled, is_expected
    )
    return Row(values, locked, is_expected=is_expected), offered


def _written(c: Column, contract: Contract, row: Facts, s: Situation, unit: Any) -> Written | None:
    if c.name == contract.key[0]:  # by its reference: two things may have one name
        return Written(str(row[c.name]))
    return written(c, row, s.references, unit if c.unit_of else None)


def _recency(contract: Contract, row: Facts) -> tuple[str, str]:
    ends = [str(row.get(f"{c.name}_end") or "") for c in contract.columns if c.type == "period"]
    return (ends[0] if ends else "", str(row.get("quarter")))


def _prefill(contract: Contract, column: Column, facts: Facts, same: Facts | None, s: Situation) -> Facts:
    """What the contract says should stand in a column from the start, as a staging row has it."""
    if column.prefill is None or column.name in contract.key:
        return {}
    if column.prefill in (LAST, SAME_YEAR):
        is_of_year = same is not None and _year(str(same.get("quarter"))) == _year(s.quarter)
        if same is None or (column.prefill == SAME_YEAR and not is_of_year):
            return {}
        return {name: same.get(name) for name in (column.name, *column.companions)}
    return {column.name: facts.get(column.prefill)}


def _framework_given(contract: Contract, row: Facts) -> list[str]:
    given = [c.name for c in contract.columns if c.prefill and c.prefill not in (LAST, SAME_YEAR)]
    return [name for name in given if row.get(name) is not None]


def _year(quarter: str) -> str:
    return quarter.rpartition("-")[0]
