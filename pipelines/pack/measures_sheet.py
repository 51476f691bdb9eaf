"""Measures: what stands behind each line of Summary: whose rating, chance, age, actions, money, basis."""

from typing import Any

from pipelines.house_style.sheet_names import sheet_of_target
from pipelines.pack.lookups import (
    blanks_shown,
    label,
    measure_shown,
    names,
    rating_scale,
    targets,
)
from pipelines.pack.model import Block, Column, Figure, Link, Paragraph, Sheet, Table
from pipelines.pack.nrf_targets import covers
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_rating import rating_source
from pipelines.pack.words import capital, day

ORDER = 21
NAME = "Measures"
PURPOSE = "whose rating, chance, age, value before, actions, spend and basis of each measure"
ON_ONE_PAGE = 26  # lines that can still be read when they are printed on one page, as on Summary
ENDED = ("complete", "superseded")


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    named, scale = names(marts), rating_scale(marts)
    columns = [
        Column("link", capital(named.target) or "", width=8),
        Column("measure", "Measure", width=50),
        Column("source", "Rating from", width=30, missing="z"),
        Column("chance", "Chance", width=13, status="blank"),
        Column("age_months", "Age in months", "number", 9, status="blank"),
        Column("previous_value", "Previous value", "number", 10, places="places", status="blank"),
        Column("actions", "Live actions", "number", 9),
        Column("overdue", "Actions overdue", "number", 9),
        Column("variance", "Spend against profile", "money", 11),
        Column("values_basis", "Basis", width=19),
    ]
    rows = [
        {**_line(marts, quarter, row), "source": rating_source(row, scale)} for row in targets(marts, quarter)
    ]
    empty = "The framework has no targets for this quarter."
    blocks: list[Block] = [
        Paragraph(
            f"Actions and spend are those of the whole {named.target}, a project's by the share of it that serves it: "
            "they must not be added up over lines. Ages and overdue actions are counted to the cut-off, "
            f"{day(marts.one('calendar', quarter=quarter)['cut_off_on'])}. "
            "Why no chance is said: Judgements."
        ),
        Table(
            "Measures_all",
            "Every measure: one line for each",
            columns,
            rows,
            empty,
            "floor_targets",
            notes=_not_whole(marts, quarter),
        ),
    ]
    title = f"Measures for {label(marts, quarter)}: behind each line of Summary"
    return [Sheet(NAME, title, blocks, f"{capital(PURPOSE)}.", is_one_page=len(rows) <= ON_ONE_PAGE)]


def _line(marts: Marts, quarter: str, row: Row) -> dict[str, Any]:
    parent_id = row["parent_id"]
    actions = marts.rows("actions", quarter=quarter, strand="delivery", target_id=parent_id)
    live = [action for action in actions if action["status"] not in ENDED]
    overdue = [action for action in actions if (action["days_overdue"] or 0) > 0]
    return {
        **row,
        "link": Link(parent_id, sheet_of_target(parent_id)),
        "measure": measure_shown(row),
        **blanks_shown(marts, row),
        "chance": Figure(capital(row["outlook_word"]), (f"floor_targets:{row['row_id']}:outlook_word",)),
        "actions": Figure(
            len(live),
            # one of which nothing was reported is live by being there
            tuple(f"actions:{one['row_id']}:{'status' if one['status'] else 'title'}" for one in live),
            "Counted: its actions that have not ended",
        ),
        "overdue": Figure(
            len(overdue),
            tuple(f"actions:{one['row_id']}:days_overdue" for one in overdue),
            "Counted: its actions that are overdue",
        ),
        "variance": _variance(marts, quarter, parent_id),
    }


def _not_whole(marts: Marts, quarter: str) -> list[str]:
    """Of which targets the spend lacks projects that did not come in or were refused."""
    short = [
        f"{row['parent_id']} {covers(row)}"
        for row in marts.rows("target_money", quarter=quarter, order=("target_order",))
        if row["projects_received"] < row["projects_expected"]
    ]
    return [f"Spend against profile is not whole, by projects: {'; '.join(short)}."] if short else []


def _variance(marts: Marts, quarter: str, parent_id: str) -> Figure:
    """Spend less profile, each project by the share of it that serves the floor target."""
    found = marts.rows("target_money", quarter=quarter, parent_id=parent_id)
    money = [Figure(row["variance"], (f"target_money:{row['row_id']}:variance",)) for row in found]
    return money[0] if money else Figure(None, ())
