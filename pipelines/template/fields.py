"""The columns of a return's sheet, their widths and their lists, from the contract and the framework's names."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipelines.contract import RATING_SCALE, Column, Contract
from pipelines.framework.references import References
from pipelines.template.model import Field, Row
from pipelines.template.values import name_of
from pipelines.template.words import GUIDE, LAST_TIME

GUIDES = ("title", "unit", "due_on")  # of the framework's row of the key, what helps to fill in
WIDTHS = {"date": 14, "money": 15, "rating": 15, "choice": 15, "period": 18, "quarter": 14}
KEY_WIDTH, TEXT_WIDTH, WIDE, FIGURE_WIDTH = 18, 22, 44, 13
LEAST_WIDTH = 150.0


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
            fields.append(_roomy(Field(f"last:{column.name}", f"{LAST_TIME} {column.header}", width)))
        fields.append(_field(column, contract))
    # the sentence and the labels above a table of few columns need room too
    lacking = LEAST_WIDTH - sum(field.width for field in fields)
    if lacking > 0:
        fields[-1] = replace(fields[-1], width=fields[-1].width + lacking)
    return fields


def _field(column: Column, contract: Contract) -> Field:
    width = WIDTHS.get(column.type, TEXT_WIDTH if column.type == "text" else FIGURE_WIDTH)
    if column.explains:
        width = WIDE
    elif column.name == contract.key[0]:
        width = KEY_WIDTH
    return _roomy(Field(column.name, column.header, width, column))


def _roomy(field: Field) -> Field:
    """The field, wide enough for the longest word of its heading, which is bold."""
    longest = max(map(len, field.heading.split()))
    return replace(field, width=max(field.width, 1.2 * longest + 3))


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
            f"guide:{name}", f"{GUIDE} {entity.by_name[name].header}", {"title": 40, "unit": 18}.get(name, 16)
        )
        for name in names
        if entity
    ]


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
