"""What the framework assigns to a partner: the references under which it sends its rows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipelines.contract import Contract
from pipelines.framework.references import References

PARTNERS = "framework.partners"
SINCE, UNTIL = ("since", "starts_on"), ("until", "ends_on")


def assigned(
    entity: str,
    partner: str,
    contracts: Mapping[str, Contract],
    references: References,
    starts_on: date,
    ends_on: date,
) -> list[str] | None:
    """The ids of `entity` that the framework gives to the partner and that hold in the quarter, in its order.

    None where nothing in the framework says whose they are.
    """
    way = _way_to_partner(entity, contracts)
    if way is None or entity not in references:
        return None
    facts = references[entity].facts
    return [
        id_
        for id_, row in facts.items()
        if _owner(row, way, references) == partner and _holds(row, starts_on, ends_on)
    ]


def _way_to_partner(entity: str, contracts: Mapping[str, Contract]) -> list[tuple[str, str]] | None:
    """The shortest chain of (column, entity it refers to) from an entity to a partner."""
    ways: list[list[tuple[str, str]]] = [[]]
    seen = {entity}
    while ways:
        way = ways.pop(0)
        here = contracts.get(way[-1][1] if way else entity)
        for column in here.columns if here else ():
            if column.refers_to == PARTNERS:
                return [*way, (column.name, PARTNERS)]
            if column.refers_to and column.refers_to not in seen:
                seen.add(column.refers_to)
                ways.append([*way, (column.name, column.refers_to)])
    return None


def _owner(row: Mapping[str, Any], way: list[tuple[str, str]], references: References) -> Any:
    for column, entity in way[:-1]:
        row = references[entity].facts.get(row.get(column) or "", {}) if entity in references else {}
    return row.get(way[-1][0])


def _holds(row: Mapping[str, Any], starts_on: date, ends_on: date) -> bool:
    begins = [row[name] for name in SINCE if row.get(name)]
    ends = [row[name] for name in UNTIL if row.get(name)]
    return all(day <= ends_on for day in begins) and all(day >= starts_on for day in ends)
