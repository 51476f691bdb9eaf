"""What is in no total of the fund: projects whose figures did not come in or were refused, and how much they may be."""

from typing import Any

from pipelines.pack.bars import pounds
from pipelines.pack.lookups import absent
from pipelines.pack.model import Column, Paragraph, Table
from pipelines.pack.nrf_widths import BASIS, placed
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import listed


def missing_words(marts: Marts, quarter: str) -> list[Paragraph]:
    """Which projects, and what is known of their size; nothing where all are in.

    In public it is not said why, nor what the programme's return allots, which is not published.
    """
    rows = _missing(marts, quarter)
    if not rows:
        return []
    said = [
        f"{row['project_id']} {row['title']} ({_became(marts, quarter, row).lower()}): "
        f"{_size(row, is_public=marts.is_public)}"
        for row in rows
    ]
    return [Paragraph(f"In no total of the fund: {'; '.join([*said, *_programme(marts, quarter)])}.")]


def missing_names(marts: Marts, quarter: str) -> list[str]:
    """The same projects by their names alone."""
    return [f"{row['project_id']} {row['title']}" for row in _missing(marts, quarter)]


def missing_table(marts: Marts, quarter: str) -> list[Table]:
    """The same as figures that lead to their cells."""
    rows: list[dict[str, Any]] = [
        {
            **row,
            "project": f"{row['project_id']} {row['title']}",
            "became": _became(marts, quarter, row),
            "year": row["last_year"],
            "label": row["last_label"],
        }
        for row in _missing(marts, quarter)
    ]
    columns = [
        Column("project", "Project"),
        Column("became", "Why it is in no total"),
        Column("last_allocation", "Revised allocation, last return", "money"),
        Column("year", "Allocation of", missing="x"),
        Column("label", "Quarter of that return", missing="x"),
        BASIS,
    ]
    if not rows:
        return []
    return [Table("Fund_missing", "Money in no total", placed(columns), rows, "None.", "nrf_projects")]


def _missing(marts: Marts, quarter: str) -> list[Row]:
    return [row for row in marts.rows("nrf_projects", quarter=quarter) if row["state"] != "received"]


def _became(marts: Marts, quarter: str, row: Row) -> str:
    if row["state"] == "refused" and not marts.is_public:
        return "Refused"
    return absent(marts, quarter, row["partner"], "nrf_spend")


def _size(row: Row, *, is_public: bool) -> str:
    if row["last_allocation"] is None and is_public:
        return "nor is its size"
    if row["last_allocation"] is None:
        return "no earlier return says how large it is"
    return (
        f"{pounds(row['last_allocation'])} was its revised allocation for {row['last_year']} in its last return, "
        f"of {row['last_label']}"
    )


def _programme(marts: Marts, quarter: str) -> list[str]:
    """What the programme's return allots to a theme beyond the projects that are in."""
    rows = marts.rows("nrf_programme", quarter=quarter, order=("theme_order", "theme"))
    found = [
        f"{row['theme_title']} {pounds(row['programme_allocation'] - row['projects_allocation'])} more"
        for row in rows
        if row["projects_received"] < row["projects_expected"]
        and row["programme_allocation"] is not None
        and row["projects_allocation"] is not None
    ]
    if not found:
        return []
    return [
        f"for {rows[0]['year_label']} the programme's return allots {listed(found)} than the totals here hold"
    ]
