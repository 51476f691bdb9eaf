"""What has changed since the pack before, each with its cause, from tables made by hand."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import duckdb
import pytest
from sample_files import ROOT

SQL = ROOT / "sql"
TABLES = """
create schema staging; create schema framework; create schema marts;
create table framework.settings (setting_id text, row_id text);
create table staging.issues as select * from (values
    ('2004-05-Q1', timestamp '2004-07-22', timestamp '2004-07-22', date '2004-07-15', null::timestamp, null::date),
    ('2004-05-Q2', timestamp '2004-10-28', timestamp '2004-10-28', date '2004-10-18',
     timestamp '2004-07-22', date '2004-07-15'),
    ('2004-05-Q3', null::timestamp, timestamp '2005-01-28', date '2005-01-19',
     timestamp '2004-10-28', date '2004-10-18')
) as t (quarter, until_at, seen_until_at, cut_off_on, until_before_at, cut_off_before_on);
create table marts.calendar as select quarter, 'the period ' || quarter as label from staging.issues;
create table staging.files (file_id text, file_name text, received_from text);
create table staging.submissions (
    submission_id text, file_id text, file_name text, return text, partner text, quarter text,
    received_at timestamp, state text, rows_accepted int, is_nil boolean, ended_at timestamp, ended text
);
create table staging.row_cells (row_id text, column_name text, correction text);
create table staging.received_floor_targets (
    target_id text, area_id text, period text, period_label text, value double, value_status text, commentary text,
    submission_id text,
    quarter text, partner text, received_at timestamp, file_id text, row_id text, rating text, period_end date
);
create table staging.received_ratings (
    subject text, kind text, rating text, reason text, rated_by text, rated_on date, submission_id text, quarter text,
    received_at timestamp, row_id text
);
create table framework.subjects as select * from (values ('health', 'health', 'element'), ('h4', 'H4', 'target'))
    as t (name, subject, subject_kind);
create table framework.elements as select 'health' as element_id, 'Health' as title;
create table framework.parent_targets as select 'H' as parent_id, 'Health' as title;
create table staging.rating_rules as select map {'AG': 'Amber/Green', 'AR': 'Amber/Red'} as words;
create table staging.received_proxy_indicators (
    indicator_id text, period text, period_label text, value double, value_status text, commentary text,
    submission_id text,
    quarter text, partner text, received_at timestamp, file_id text, row_id text
);
create table staging.received_nrf_spend (
    project_id text, actual_q1 double, actual_q2 double, actual_q3 double, actual_q4 double, commentary text,
    submission_id text, quarter text, partner text, received_at timestamp, file_id text, row_id text
);
create table framework.received_targets (
    target_id text, title text, unit text, places int, since date, note text, received_at timestamp, file_id text,
    row_id text, target_value double, target_change double, target_period_label text, baseline_value double,
    baseline_period_label text, trajectory text, polarity text, target_type text, comparator_area_id text, base text,
    baseline_counted text
);
create table framework.received_indicators (
    indicator_id text, title text, unit text, places int, received_at timestamp, file_id text, row_id text,
    target_value double, polarity text, source text
);
create table framework.projects as select 'P1' as project_id, 'Wardens' as title;
create view framework.indicators as from framework.received_indicators;
create view staging.targets_in_force as
select *, 'latest' as quarter from framework.received_targets where row_id = 'first';
"""


class Story:
    """Files that come one after the other, and the revisions that follow."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.define("first", "2004-06-01")
        self.insert("framework.received_indicators", indicator_id="bids", title="Bids", unit="count", places=0,
                    received_at="2004-06-01", file_id="first", row_id="bids")  # fmt: skip

    def insert(self, table: str, **values: Any) -> None:
        marks = ", ".join("?" for _ in values)
        self.connection.execute(
            f"insert into {table} ({', '.join(values)}) values ({marks})", list(values.values())
        )

    def define(self, name: str, day: str, **changed: Any) -> None:
        """A framework file with target H4."""
        self.insert("staging.files", file_id=name, file_name=f"{name}.xlsx", received_from="lsp")
        definition = {"target_id": "H4", "title": "Conceptions", "unit": "rate", "places": 1, "since": "2003-01-01",
                      "target_value": 30.8, "polarity": "lower is better"}  # fmt: skip
        self.insert(
            "framework.received_targets", **definition | changed, received_at=day, file_id=name, row_id=name
        )

    def send(
        self,
        name: str,
        day: str,
        quarter: str,
        values: Mapping[str, float | str | None],
        state: str = "accepted",
        ended: tuple[str, str] = ("", ""),
    ) -> None:
        """A return of the PCT with values of H4 by period ("c" for confidential), and of project P1 by column."""
        self.insert("staging.files", file_id=name, file_name=f"{name}.xlsx")
        common = {"quarter": quarter, "partner": "pct", "received_at": day, "file_id": name}
        self.insert(
            "staging.submissions",
            submission_id=name,
            file_name=f"{name}.xlsx",
            **{"return": "r"},
            state=state,
            rows_accepted=len(values),
            ended_at=ended[0] or None,
            ended=ended[1] or None,
            **common,
        )
        for period, value in values.items():
            more = {
                "commentary": f"said in {name}",
                "submission_id": name,
                "row_id": f"{name}:{period}",
                **common,
            }
            if period.startswith("actual"):
                self.insert("staging.received_nrf_spend", project_id="P1", **{period: value}, **more)
            else:
                shown, status = (None, "c") if value == "c" else (value, None)
                self.insert("staging.received_floor_targets", target_id="H4", area_id="here", period=period,
                            period_label=period, value=shown, value_status=status, **more)  # fmt: skip

    def rate(self, name: str, day: str, quarter: str, kind: str, rating: str | None) -> None:
        """A return of ratings with one of Health."""
        self.send(name, day, quarter, {})
        self.insert("staging.received_ratings", subject="Health", kind=kind, rating=rating, reason=f"said in {name}",
                    rated_by="The Office", rated_on="2004-09-15", submission_id=name, quarter=quarter,
                    received_at=day, row_id=f"{name}:rating")  # fmt: skip

    def told(self, *columns: str) -> list[tuple[Any, ...]]:
        query = (SQL / "marts" / "revisions.sql").read_text(encoding="utf-8")
        return self.connection.execute(
            f"select {', '.join(columns)} from ({query}) order by quarter, cause_order, item, period_label"
        ).fetchall()


@pytest.fixture
def story() -> Iterator[Story]:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        connection.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
        for name in ("counted_then", "rating_changes"):
            query = (SQL / "staging" / f"{name}.sql").read_text(encoding="utf-8")
            connection.execute(f"create view staging.{name} as {query}")
        yield Story(connection)


WHAT = ("quarter", "cause", "item", "period_label", "value_was", "value_is")


def test_a_value_that_a_later_pack_has_otherwise_is_restated_once(story: Story) -> None:
    story.send("a", "2004-07-07", "2004-05-Q1", {"2001": 56.7, "2002": 53.8})
    story.send("b", "2004-10-07", "2004-05-Q2", {"2001": 55.9, "2002": 53.8})
    assert story.told(*WHAT) == [("2004-05-Q2", "restated", "value", "2001", 56.7, 55.9)]
    assert story.told("partner", "cast(received_at as varchar)[:10]", "why", "file_name") == [
        ("pct", "2004-10-07", "said in b", "b.xlsx")
    ]


def test_what_was_put_right_before_the_pack_was_issued_is_no_revision(story: Story) -> None:
    story.send("a", "2004-07-07", "2004-05-Q1", {"2001": 5.67})
    story.send("b", "2004-07-20", "2004-05-Q1", {"2001": 56.7})
    story.send("c", "2004-10-07", "2004-05-Q2", {"2001": 56.7, "2002": 53.8})
    assert story.told(*WHAT) == []


def test_a_correction_is_the_reason_where_there_is_one(story: Story) -> None:
    story.send("a", "2004-07-07", "2004-05-Q1", {"2001": 56.7})
    story.send("b", "2004-10-07", "2004-05-Q2", {"2001": 55.9})
    story.insert(
        "staging.row_cells", row_id="b:2001", column_name="value", correction="Corrected by A. N. Officer."
    )
    assert story.told("why") == [("Corrected by A. N. Officer.",)]


def test_a_figure_that_comes_after_its_quarters_pack_is_late(story: Story) -> None:
    story.send("a", "2004-08-02", "2004-05-Q1", {"2001": 56.7, "actual_q1": 1200.0})
    assert story.told(*WHAT, "kind") == [
        ("2004-05-Q2", "late", "actual_q1", "the period 2004-05-Q1", None, 1200, "spend"),
        ("2004-05-Q2", "late", "value", "2001", None, 56.7, "target"),
    ]


def test_what_was_or_is_confidential_is_neither_late_nor_withdrawn(story: Story) -> None:
    story.send("first file", "2004-07-10", "2004-05-Q1", {"2001": "c", "2002": 55.0, "2003": "c"})
    story.send("second", "2004-08-10", "2004-05-Q1", {"2001": 51.2, "2002": "c", "2003": "c"})
    assert story.told("cause", "period_label", "value_was", "value_is") == [
        ("restated", "2001", None, 51.2),
        ("restated", "2002", 55.0, None),
    ]


def test_a_new_figure_of_a_new_quarter_is_not_late(story: Story) -> None:
    story.send("a", "2004-10-07", "2004-05-Q2", {"2001": 56.7})
    assert story.told(*WHAT) == []


@pytest.mark.parametrize("state", ["accepted", "nil"])
def test_a_figure_that_the_file_in_its_place_does_not_have_is_withdrawn(story: Story, state: str) -> None:
    story.send("a", "2004-07-07", "2004-05-Q1", {"2001": 56.7})
    story.send("b", "2004-10-07", "2004-05-Q1", {}, state)
    assert story.told(*WHAT) == [("2004-05-Q2", "withdrawn", "value", "2001", 56.7, None)]
    assert story.told("why", "partner", "file_name") == [
        ("Not in b.xlsx, which took the place of a.xlsx.", "pct", "b.xlsx")
    ]


ENDED = ("2004-08-01 23:59:59", "Withdrawn on 1 Aug 2004 by the PCT: another year's.")


def test_what_its_sender_took_back_is_withdrawn_with_who_and_why(story: Story) -> None:
    story.send("a", "2004-07-07", "2004-05-Q1", {"2001": 56.7}, "withdrawn", ENDED)
    assert story.told(*WHAT) == [("2004-05-Q2", "withdrawn", "value", "2001", 56.7, None)]
    assert story.told("why", "partner", "file_name", "cast(received_at as date)") == [
        (ENDED[1], "pct", None, date(2004, 8, 1))
    ]


def test_what_was_taken_back_before_a_pack_had_it_is_no_revision(story: Story) -> None:
    story.send(
        "a", "2004-07-07", "2004-05-Q1", {"2001": 56.7}, "withdrawn", ("2004-07-20 23:59:59", "Withdrawn.")
    )
    story.send("b", "2004-07-10", "2004-05-Q1", {}, "withdrawn", ENDED)  # refused, and so it never counted
    assert story.told(*WHAT) == []


def test_a_rating_that_was_taken_back_with_its_return_says_who_and_why(story: Story) -> None:
    story.rate("a", "2004-07-07", "2004-05-Q1", "own", "AG")
    story.connection.execute(
        "update staging.submissions set state = 'withdrawn', ended_at = $1, ended = $2", ENDED
    )
    story.connection.execute("update staging.submissions set rows_accepted = 1")
    assert story.told(*RATED, "why") == [
        ("2004-05-Q1", "re-rated", "own rating", "the period 2004-05-Q1", "Amber/Green", None, ENDED[1]),
        ("2004-05-Q2", "re-rated", "own rating", "the period 2004-05-Q1", "Amber/Green", None, ENDED[1]),
    ]


def test_a_file_that_was_erased_is_told_of_once_and_nothing_that_was_in_it(story: Story) -> None:
    erased = ("2004-08-01 09:00:00", "Its file was erased on 01 Aug 2004 by DPO: asked.")
    story.send("old", "2004-07-06", "2004-05-Q1", {"2001": 50.0}, "superseded")
    story.send("a", "2004-07-07", "2004-05-Q1", {}, "erased", erased)
    assert story.told("quarter", "cause", "kind", "subject_id", "title", "item", "period_label", "why") == [
        ("2004-05-Q2", "erased", "return", "pct", "r", "file", "the period 2004-05-Q1", erased[1])
    ]


def test_a_refused_file_takes_nothing_away(story: Story) -> None:
    story.send("a", "2004-07-07", "2004-05-Q1", {"2001": 56.7})
    story.send("b", "2004-10-07", "2004-05-Q1", {}, "refused")
    assert story.told(*WHAT) == []


def test_a_framework_that_moves_a_target_or_defines_it_anew_says_who_and_why(story: Story) -> None:
    story.define(
        "second", "2004-09-01", target_value=28.0, polarity="higher is better", note="Agreed by the Board."
    )
    assert story.told("quarter", "cause", "item", "value_was", "value_is", "said_was", "said_is") == [
        ("2004-05-Q2", "re-targeted", "target_value", 30.8, 28, None, None),
        ("2004-05-Q2", "re-defined", "polarity", None, None, "lower is better", "higher is better"),
    ]
    assert set(story.told("partner", "why", "file_name")) == {("lsp", "Agreed by the Board.", "second.xlsx")}


def test_a_note_that_was_there_before_is_no_reason(story: Story) -> None:
    story.define("noted", "2004-06-02", note="Illustrative.")
    story.define("second", "2004-09-01", target_value=28.0, note="Illustrative.")
    assert story.told("value_was", "value_is", "why") == [(30.8, 28, None)]


@pytest.mark.parametrize(("kind", "unit"), [("PCT_REDUCTION", "%"), ("PP_CHANGE", "rate")])
def test_the_change_asked_for_has_its_own_unit(story: Story, kind: str, unit: str) -> None:
    """50% off a rate is no 50 of the rate."""
    story.define("first as it is", "2004-06-02", target_type=kind, target_change=40)
    story.define("second", "2004-09-01", target_type=kind, target_change=50)
    assert story.told("item", "value_was", "value_is", "unit") == [("target_change", 40, 50, unit)]


def test_a_definition_that_holds_later_changes_the_pack_from_then_on(story: Story) -> None:
    story.define("second", "2004-06-02", target_value=28.0, since="2004-11-01")
    story.connection.execute("update framework.received_targets set received_at = '2004-06-02'")
    assert story.told("quarter", "cause", "value_was", "value_is") == [
        ("2004-05-Q3", "re-targeted", 30.8, 28)
    ]


RATED = ("quarter", "cause", "item", "period_label", "said_was", "said_is")


def test_a_rating_that_comes_after_its_board_is_told_in_that_pack_and_in_the_next(story: Story) -> None:
    story.rate("a", "2004-07-07", "2004-05-Q1", "own", "AG")
    assert story.told(*RATED) == []
    story.rate("b", "2004-09-17", "2004-05-Q1", "official", "AR")
    story.insert("staging.received_ratings", subject="Health", kind="own", rating="AG", submission_id="b",
                 quarter="2004-05-Q1", received_at="2004-09-17", row_id="b:own")  # fmt: skip
    what = ("re-rated", "official rating", "the period 2004-05-Q1", None, "Amber/Red")
    assert story.told(*RATED) == [("2004-05-Q1", *what), ("2004-05-Q2", *what)]
    assert set(story.told("title", "kind", "partner", "why", "file_name")) == {
        ("Health", "element", "pct", "Given by The Office on 15 Sep 2004: said in b.", "b.xlsx")
    }


def test_a_rating_that_is_changed_or_taken_back_says_what_it_was(story: Story) -> None:
    story.rate("a", "2004-07-07", "2004-05-Q1", "moderated", "AG")
    story.rate("b", "2004-08-17", "2004-05-Q1", "moderated", "AR")
    assert story.told("said_was", "said_is")[0] == ("Amber/Green", "Amber/Red")
    story.send("c", "2004-08-18", "2004-05-Q1", {})
    assert story.told("said_was", "said_is", "file_name")[0] == ("Amber/Green", None, "c.xlsx")


def test_a_partners_own_rating_is_that_of_the_newest_period_in_its_return(story: Story) -> None:
    for name, day, of_2002 in (("a", "2004-07-07", "AG"), ("b", "2004-08-17", "AR")):
        story.send(name, day, "2004-05-Q1", {"2001": 56.7, "2002": 53.8})
        story.connection.execute(
            "update staging.received_floor_targets set rating = 'AG', period_end = '2001-12-31' "
            f"where row_id = '{name}:2001'"
        )
        story.connection.execute(
            f"update staging.received_floor_targets set rating = '{of_2002}', period_end = '2002-12-31' "
            f"where row_id = '{name}:2002'"
        )
    assert story.told("quarter", "item", "said_was", "said_is", "why") == [
        (quarter, "own rating", "Amber/Green", "Amber/Red", "said in b")
        for quarter in ("2004-05-Q1", "2004-05-Q2")
    ]


def test_each_change_is_one_row(story: Story) -> None:
    story.send("a", "2004-07-07", "2004-05-Q1", {"2001": 56.7, "2002": 53.8, "actual_q1": 10.0})
    story.send("b", "2004-10-07", "2004-05-Q1", {"2001": 55.0, "actual_q1": 11.0})
    story.define("second", "2004-09-01", target_value=28.0)
    rows = story.told("row_id")
    assert len(set(rows)) == len(rows) == 4
