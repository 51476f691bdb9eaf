"""Names and orders that several sheets look up in the marts."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pipelines.pack.model import Figure, Rating
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import ABSENT, NOT_EXPECTED, NOT_PUBLISHED, commas, listed, mark


def rating_scale(marts: Marts) -> dict[str, Rating]:
    """The framework's ratings by code, best first."""
    return {
        row["rating"]: Rating(row["rating"], row["word"], row["rank"], row["glyph"], row["fill"], row["font"])
        for row in marts.rows("rating_scale", order=("rank",))
    }


BY_RULE = "suggested by rule"


class Names(NamedTuple):
    """What the framework calls things: its fund or funds and their sheet, the plan, and a target as worded."""

    fund: str
    fund_short: str
    plan: str
    target: str


def names(marts: Marts) -> Names:
    """The names of the framework's settings; plain words where it has none."""
    funds = marts.rows("funds")
    return Names(
        listed(fund["title"] for fund in funds) or "Fund",
        "Funds" if len(funds) > 1 else next((fund["short_name"] for fund in funds), "Fund"),
        marts.setting("plan_name", "Action plan"),
        marts.setting("target_name", "target"),
    )


def return_title(marts: Marts, name: str) -> str:
    """What the framework calls a return."""
    return marts.setting(f"title_{name}", name.replace("_", " ").capitalize())


def partner_name(marts: Marts, partner: str | None) -> str | None:
    """A partner's name for its reference; the reference itself where the framework has no such partner any more."""
    found = marts.rows("partners", partner_id=partner) if partner else []
    return str(found[0]["name"]) if found else partner


def label(marts: Marts, quarter: str) -> str:
    """Apr to Jun 2004, for 2004-05-Q1."""
    return str(marts.one("calendar", quarter=quarter)["label"])


def financial_year(quarter: str) -> str:
    """2004/05, for 2004-05-Q1: the year that a fund's figures in a quarter are of."""
    return quarter[:7].replace("-", "/")


def parents(marts: Marts) -> list[Row]:
    """The floor targets as worded, in the framework's order."""
    return marts.rows("parent_targets", order=("target_order", "parent_id"))


def targets(marts: Marts, quarter: str) -> list[Row]:
    """The measurable targets of a quarter, in the order of the floor targets they are parts of."""
    place = {row["parent_id"]: number for number, row in enumerate(parents(marts))}
    rows = marts.rows("floor_targets", quarter=quarter)
    return sorted(rows, key=lambda row: (place[row["parent_id"]], row["target_id"]))


def rating_mark(row: Row) -> str | None:
    """The mark of the rating shown: u where the rules could say only one of position and outlook, x for none."""
    if row["rating"] is None:
        return "x"
    return str(row["overall_mark"]) if row["rating_source"] == BY_RULE and row["overall_mark"] else None


def measure(row: Row) -> str:
    """What is measured and in which unit, as one name."""
    return f"{row['title']}, {row['unit']}"


def measure_shown(row: Row) -> str:
    """The same, and that its latest value is queried, so that nobody takes it for settled."""
    return f"{measure(row)} (queried: see Quality)" if row["is_queried"] else measure(row)


def blank_mark(marts: Marts, row: Row) -> str:
    """Why a measure's latest value and all that hangs on it are blank: c where values are there and are not shown, as
    in the table of its periods; else x.
    """
    if row["latest_value"] is not None:
        return "x"
    known = periods_known(marts, row["quarter"], [row["target_id"]])
    return "c" if "c" in (row["latest_status"], *(one["status"] for one in known)) else "x"


def blanks_shown(marts: Marts, row: Row) -> dict[str, Any]:
    """The marks of a measure's line in a table: of its rating, its latest value, its course, and of the rest."""
    blank, course = blank_mark(marts, row), course_shown(row)
    return {
        **course,
        "blank": blank,
        "on_course_status": course["on_course_status"] or blank,
        "latest_status": row["latest_status"] if row["latest_value"] is not None else blank,
        "rating_mark": blank if row["rating"] is None else rating_mark(row),
    }


def hidden_note(marts: Marts, rows: Iterable[Row]) -> list[str]:
    """Which measures have values that are not shown, and what their mark means, for the table in which it stands."""
    hidden = [row["title"] for row in rows if blank_mark(marts, row) == "c"]
    why = (
        "as small counts, and others from which they could be worked out, are not published"
        if marts.is_public
        else "as their sender asks"
    )
    return [f"{'; '.join(hidden)}: values are not shown ({mark('c')}), {why}."] if hidden else []


def course_shown(row: Row, name: str = "on_course") -> dict[str, Any]:
    """A share of the way as people read it: none where the value is worse than the baseline was, which words say."""
    is_back = row[name] is not None and row[name] < 0
    return {name: None if is_back else row[name], f"{name}_status": "z" if is_back else None}


def periods_known(marts: Marts, quarter: str, target_ids: Iterable[str]) -> list[Row]:
    """The values of some targets that had been published by the quarter's cut-off, oldest first."""
    place = {target_id: number for number, target_id in enumerate(target_ids)}
    known = [row for row in marts.rows("target_history", quarter=quarter) if row["target_id"] in place]
    return sorted(known, key=lambda row: (place[row["target_id"]], row["period_end"], row["period_start"]))


def absent(marts: Marts, quarter: str, partner: str, name: str) -> str:
    """Why there is nothing from a partner: the words for missing, nil, refused and not due differ.

    In public nobody is told who has not sent what.
    """
    if marts.is_public:
        return NOT_PUBLISHED
    sent = marts.rows("returns", quarter=quarter, partner=partner)
    found = [row for row in sent if row["return"] == name]
    return ABSENT[found[0]["state"]] if found else NOT_EXPECTED


def project_row(marts: Marts, quarter: str, row: Row) -> dict[str, Any]:
    """A project's row with its name in full, and where there are no figures, why."""
    said: Figure | str = Figure(row["commentary"], (f"nrf_projects:{row['row_id']}:commentary",))
    if marts.is_public and row["state"] != "received":
        said = "No figures are published."
    elif row["state"] == "refused":
        said = "No figures: what was sent was refused; see Quality."
    elif row["state"] != "received":
        said = f"No figures: {absent(marts, quarter, row['partner'], 'nrf_spend').lower()}."
    queried = " (queried: see Quality)" if row["is_queried"] and not marts.is_public else ""
    return {**row, "project": f"{row['project_id']} {row['title']}{queried}", "said": said}


def remark(
    value: Any, status: str | None, *, is_queried: bool | None = False, rounding: str | None = None
) -> str:
    """A value's status for the column beside it: [p], [x] for a missing value without one, or none; queried or not;
    of one that is shown, its `rounding` in public.
    """
    said = mark(status) or ("" if value is not None else mark("x"))
    return commas(said, "queried" if is_queried else "", rounding if value is not None else "") or "none"
