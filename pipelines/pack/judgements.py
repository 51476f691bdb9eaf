"""Tables of judgements, which several sheets share: the four ratings side by side, and what a manager says."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.pack.lookups import measure
from pipelines.pack.model import Column, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_columns import JUDGED, PARTNERSHIP, placed
from pipelines.pack.words import capital

AGREE, NO_OTHER, NONE_GIVEN, DIFFER = "Agree", "No other", "None", "Differ"  # under "Other ratings"


def _beside(row: Row, own: str) -> str:
    """Whether other ratings agree with the one shown or differ, which a note explains, or that there is none."""
    if row["rating_differs"]:
        return DIFFER
    ratings = (row["rating_suggested"], row[own], row["rating_moderated"], row["rating_official"])
    given = sum(rating is not None for rating in ratings)
    return AGREE if given > 1 else NO_OTHER if given else NONE_GIVEN


def explained(rows: Sequence[Mapping[str, Any]], reason: str) -> list[str]:
    """The reason of each row that has one, after the row's title."""
    return [f"{row['title']}: {row[reason]}" for row in rows if row[reason]]


def four_ratings(own: str) -> list[Column]:
    """The four ratings of a row, none of which takes the place of another; `own` says whose the second is."""
    return [
        *rating_columns("rating_suggested", "Suggested by rule"),
        *rating_columns(own, "Own rating"),
        *rating_columns("rating_moderated", "Moderated"),
        *rating_columns("rating_official", "Official"),
    ]


def measures_table(name: str, parts: Sequence[Row]) -> Table:
    """Each measure of a floor target: the ratings it was given, and whether they differ."""
    rows = [{**part, "measure": measure(part), "differs": _beside(part, "rating_partner")} for part in parts]
    columns = [
        Column("measure", "Measure"),
        Column("differs", "Other ratings"),
        *four_ratings("rating_partner"),
    ]
    empty = "There is nothing to rate yet."
    return Table(name, "The four ratings", placed(columns, JUDGED), rows, empty, "floor_targets")


def proxies_table(marts: Marts, quarter: str, name: str, parts: Sequence[Row]) -> list[Table]:
    """The judgements on proxies, where there are any: no rule suggests a rating of a proxy."""
    given = {
        row["indicator_id"]: {**row, "source": capital(row["rating_source"])}
        for part in parts
        for row in marts.rows("proxies", quarter=quarter, target_id=part["target_id"])
        if row["rating_own"] or row["rating_moderated"] or row["rating_official"]
    }
    columns = [
        Column("title", "Proxy"),
        Column("rating_reason", "Why it has this rating", missing="z"),
        *rating_columns("rating", "Rating"),
        *four_ratings("rating_own")[2:],
        Column("source", "Rating from", missing="z"),
    ]
    rows = list(given.values())
    empty = "No proxy was rated."
    return [Table(name, "Ratings of proxies", placed(columns), rows, empty, "proxies")] if rows else []


def review_tables(marts: Marts, quarter: str) -> list[Table]:
    """The elements of the annual review and the partnership overall: the judgements beside the suggestion."""
    rows = [
        {**row, "differs": _beside(row, "rating_own"), "source": capital(row["rating_source"])}
        for row in marts.rows("annual_review", quarter=quarter, order=("subject_order", "subject"))
    ]
    columns = [
        Column("title", "Element"),
        Column("source", "Rating from", missing="z"),
        *rating_columns("rating", "Rating"),
        Column("official_on", "Official since", "date", missing="z"),
        Column("measures_rated", "Rated by rule", "number"),
    ]
    kept_apart = [
        Column("title", "Element"),
        Column("differs", "Other ratings"),
        *four_ratings("rating_own"),
    ]
    empty = "The framework names no elements of an annual review."
    mart = "annual_review"
    why, differs = explained(rows, "rating_reason"), explained(rows, "rating_differs")
    shown = Table(
        "Partnership_review", "Annual review", placed(columns, PARTNERSHIP), rows, empty, mart, notes=why
    )
    if not rows:
        return [shown]
    title = "Annual review: the four ratings"
    beside = Table(
        "Partnership_ratings", title, placed(kept_apart, PARTNERSHIP), rows, empty, mart, notes=differs
    )
    return [shown, beside]


def commentary_table(marts: Marts, quarter: str, name: str, parent_id: str, parts: Sequence[Row]) -> Table:
    """What a manager says of a floor target, of its measures and of their proxies, signed and dated."""
    proxies = {
        row["indicator_id"]
        for part in parts
        for row in marts.rows("proxies", quarter=quarter, target_id=part["target_id"])
    }
    rows = [
        row
        for row in marts.rows("ratings", quarter=quarter, kind="commentary")
        if row["parent_id"] == parent_id or (row["subject_kind"] == "proxy" and row["subject"] in proxies)
    ]
    columns = [
        Column("subject_title", "About"),
        Column("reason", "Commentary", is_figure=True),
        Column("rated_by", "By", is_figure=True),
        Column("rated_on", "On", "date"),
    ]
    empty = f"No commentary {'is published' if marts.is_public else 'was sent'} for this quarter."
    return Table(name, "What the manager says", placed(columns), rows, empty, "ratings")


def overall(marts: Marts, quarter: str) -> Row | None:
    """The partnership's overall rating; None where the framework has no annual review."""
    found = marts.rows("annual_review", quarter=quarter, subject_kind="overall")
    return found[0] if found else None
