"""How a partner's figures appear in the pack, as the replies of the sample say it: about what, for when, judged how."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from grids import contracts, sample_framework
from openpyxl import load_workbook
from test_replies import HEADINGS, TOP
from workspaces import QUARTER, Ran, Sent, run, workspace_of

from pipelines.reply.subjects import what_it_is_about, when_it_is_for


class Line(NamedTuple):
    """A line of the table of appearances."""

    what: str
    figure: str
    period: str
    typed: str
    shown: str
    rating: str
    where: str
    sent: str


def told(sample: Ran, name: str) -> list[list[str]]:
    """Every line of the sheet on which a reply says how its file's figures appear."""
    book = load_workbook(sample.workspace.reply_file(QUARTER, name))
    sheet = book["In the pack" if "In the pack" in book.sheetnames else "Receipt"]
    return [[str(value or "") for value in line] for line in sheet.iter_rows(values_only=True)]


def lines(sample: Ran, name: str) -> dict[str, Line]:
    """The lines of that table by the cell in which the figure was sent."""
    rows = told(sample, name)
    start = next(number for number, row in enumerate(rows) if row[0] == "What it is about") + 1
    end = next((number for number in range(start, len(rows)) if not any(rows[number])), len(rows))
    return {line.sent: line for line in (Line(*row[:8]) for row in rows[start:end])}


def also_counted(sample: Ran, name: str) -> list[str]:
    """The lines on figures that count without being shown."""
    rows = told(sample, name)
    start = next(n for n, row in enumerate(rows) if row[0] == "Also counted, and not shown by itself") + 1
    return [row[0] for row in rows[start : next(n for n in range(start, len(rows)) if not any(rows[n]))]]


# For when


def test_a_figure_shown_as_the_previous_one_keeps_its_own_month(sample: Ran) -> None:
    crime = lines(sample, "police_reply_1.xlsx")
    assert [(crime[f"Proxies {cell}"].typed, crime[f"Proxies {cell}"].period) for cell in ("C8", "C9")] == [
        ("481", "May 2004"),
        ("463", "Jun 2004"),
    ]
    for name in ("Domestic burglaries recorded", "Robberies recorded"):
        mine = [line.period for line in crime.values() if line.what == name]
        assert mine == ["May 2004", "Jun 2004"], name


def test_a_rating_is_of_the_period_it_was_sent_with(sample: Ran) -> None:
    sent = lines(sample, "environment_reply_1.xlsx")["Recycling D2"]
    assert (sent.figure, sent.period) == ("Your rating", "2002/03")


def test_what_has_no_period_is_of_the_quarter_or_year_that_its_column_says() -> None:
    spend, row = contracts()["staging.nrf_spend"], {"project_id": "NRF01"}

    def said(column: str, quarter: str) -> str:
        return when_it_is_for(spend, row, spend.by_name[column], quarter)

    # an actual of the first quarter comes again in every later return of the year
    assert said("actual_q1", "2004-05-Q3") == "Apr to Jun 2004"
    assert said("allocation", "2004-05-Q3") == "2004/05"
    assert said("actual_to_date", "2004-05-Q3") == "Oct to Dec 2004"


# About what


def test_every_line_says_what_it_is_about_by_its_title(sample: Ran) -> None:
    names = [path.name for path in sorted((sample.workspace.replies / QUARTER).glob("*.xlsx"))]
    assert len(names) == 11
    ids = {known for reference in sample_framework().references.values() for known in reference.facts}
    for name in names:
        for line in lines(sample, name).values():
            assert line.what and line.what not in ids, (name, line)


def test_a_value_of_another_area_says_which(sample: Ran) -> None:
    health = lines(sample, "pct_reply_1.xlsx")
    assert [health[f"Sheet1 E{row}"].what for row in (7, 8, 9, 11)] == [
        "Under-18 conception rate",
        "Under-18 conception rate (North West)",
        "Under-18 conception rate (England)",
        "Life expectancy at birth, men (North West)",
    ]


def test_a_themes_total_and_a_judgement_say_of_what(sample: Ran) -> None:
    assert lines(sample, "lsp_reply_2.xlsx")["Programme ledger B5"].what == "Healthy city"
    judged = lines(sample, "lsp_reply_3.xlsx")
    assert judged["Ratings F8"].what == "Under-18 conception rate (commentary)"
    assert judged["Ratings C2"].what == "The partnership overall (own)"
    assert judged["Ratings F11"].what == "Housing (official)"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"target_id": "H4", "area_id": "salford"}, "Under-18 conception rate"),
        ({"target_id": "H4", "area_id": None}, "Under-18 conception rate"),
        ({"target_id": "H4", "area_id": "england"}, "Under-18 conception rate (England)"),
        ({"target_id": "H99", "area_id": "Atlantis"}, "H99 (Atlantis)"),
    ],
)
def test_a_key_is_said_in_the_frameworks_words(row: dict[str, Any], words: str) -> None:
    contract = contracts()["staging.floor_targets"]
    assert what_it_is_about(contract, row | {"period": "2002"}, sample_framework().references) == words


# Judged how


def test_a_rating_stands_beside_what_it_judges_in_shape_and_words(sample: Ran) -> None:
    crime = lines(sample, "police_reply_1.xlsx")
    assert (
        crime["Floor targets C7"].rating == "◆ Amber/Red"
    )  # the newest value, on which a moderated rating was given
    assert (crime["Floor targets E7"].shown, crime["Floor targets E7"].rating) == ("▲ AG", "◆ Amber/Red")


def test_no_other_figures_rating_stands_beside_a_figure(sample: Ran) -> None:
    schools = lines(sample, "education_reply_1.xlsx")
    delivery = next(line for line in schools.values() if line.typed == "Green" and line.sent == "NRF T3")
    # the project's spend is rated Amber/Green; that is no word on its delivery
    assert (delivery.shown, delivery.rating) == ("● G", "● Green")
    recycling = lines(sample, "environment_reply_1.xlsx")
    assert recycling["NRF P2"].figure == "Output actual to date" and recycling["NRF P2"].rating == ""
    may_be_rated = ("Value", "Your rating", "Rating given", "Delivery rating", "Spend rating")
    for name in ("education", "environment", "police", "pct", "lsp"):
        for line in lines(sample, f"{name}_reply_1.xlsx").values():
            assert not line.rating or line.figure in may_be_rated, line


def test_a_value_that_is_compared_with_is_not_rated(sample: Ran) -> None:
    assert lines(sample, "pct_reply_1.xlsx")["Sheet1 E9"].rating == ""


# What counts without being shown


def test_figures_that_count_and_are_not_shown_are_named_by_their_cells(sample: Ran) -> None:
    assert "Kerbside: Value C2" in also_counted(sample, "environment_reply_1.xlsx")
    assert "Proxies: Value C7, C10, C13" in also_counted(sample, "police_reply_1.xlsx")


def test_what_does_not_count_is_not_said_to(sample: Ran) -> None:
    (spend,) = (line for line in also_counted(sample, "police_reply_1.xlsx") if line.startswith("NRF: "))
    # row 9 was refused
    assert "Profile Q1 (£) H7 to H8;" in spend


def test_a_value_that_counts_from_a_later_day_is_not_said_to_count_yet(tmp_path: Path) -> None:
    rows = [["H4", "2002", 53.8, 52.1, None], ["H4", "2003", 50.2, 48.9, None]]
    sent = Sent("PCT.xlsx", {"Progress": [TOP, [], HEADINGS, *rows]})
    ran = run(workspace_of(tmp_path / "workspace", sent), QUARTER)
    assert ran.one("select count(*) from staging.floor_targets") == 2
    assert "PCT.xlsx" in [name for name, rule, *_ in ran.findings if rule == "counts_from_its_publication"]
    said = [" ".join(row) for row in told(ran, "pct_reply_1.xlsx")]
    assert any("Progress C4" in line for line in said)
    assert not any("C5" in line or "D5" in line for line in said if line.startswith("Progress: "))
