"""What became of an expected return, day by day: from a calendar and submissions made up for each case."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pytest
from workspaces import QUARTER, Ran, copied, lsp

from pipelines.run.standing import standings
from pipelines.workspace import SQL, Workspace

EVENTS = (SQL / "staging" / "return_events.sql").read_text(encoding="utf-8")
TABLES = """
create schema staging; create schema framework;
create table staging.key_days (quarter text, kind text, day date, basis text);
create table framework.expected_returns (partner_id text, return_name text, from_quarter text, until_quarter text);
create table staging.submissions (
    submission_id text, quarter text, partner text, return text, received_at timestamp, file_name text, state text,
    rows_read bigint, rows_accepted bigint, rows_refused bigint, rows_queried bigint, ended_at timestamp, ended text
);
create table staging.findings (
    submission_id text, row_id text, consequence text, settled text, settled_by text, settled_at timestamp,
    is_trial boolean
);
insert into framework.expected_returns values ('pct', 'spend', 'Q1', null);
insert into staging.key_days values
    ('Q1', 'opens', '2031-07-01', ''), ('Q1', 'due', '2031-07-11', ''), ('Q1', 'closes', '2031-07-16', '');
"""
Events = list[tuple[str, str]]


@pytest.fixture
def staging() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


def send(staging: duckdb.DuckDBPyConnection, name: str, at: str, **facts: Any) -> None:
    """A submission: accepted with one row, but for what is said otherwise."""
    row = {
        "submission_id": name, "quarter": "Q1", "partner": "pct", "return": "spend", "file_name": f"{name}.xlsx",
        "received_at": datetime.fromisoformat(f"2031-{at}"), "state": "accepted", "rows_read": 1, "rows_accepted": 1,
        "rows_refused": 0, "rows_queried": 0,
    } | facts  # fmt: skip
    marks = ", ".join("?" for _ in row)
    staging.execute(
        f"insert into staging.submissions ({', '.join(row)}) values ({marks})", list(row.values())
    )


def query(
    staging: duckdb.DuckDBPyConnection, name: str, by: str | None = None, at: str | None = None
) -> None:
    settled = (by and "settled", by, datetime.fromisoformat(f"2031-{at}") if at else None)
    staging.execute(
        "insert into staging.findings values (?, 'row', 'query', ?, ?, ?, false)", [name, *settled]
    )


def events(staging: duckdb.DuckDBPyConnection) -> Events:
    rows = staging.execute(
        f"select changed_at, state from ({EVENTS}) order by changed_at, step, row_id"
    ).fetchall()
    return [(f"{when:%m-%d %H:%M}", state) for when, state in rows]


OPENED, LATE, MISSING = ("07-01 00:00", "due"), ("07-12 00:00", "late"), ("07-17 00:00", "missing")


def test_nothing_came(staging: duckdb.DuckDBPyConnection) -> None:
    assert events(staging) == [OPENED, LATE, MISSING]


def test_on_the_last_minute_it_is_in_time(staging: duckdb.DuckDBPyConnection) -> None:
    send(staging, "a", "07-11T23:59")
    assert events(staging) == [OPENED, ("07-11 23:59", "accepted")]


def test_between_the_deadlines_it_was_late_and_after_the_hard_one_missing(
    staging: duckdb.DuckDBPyConnection,
) -> None:
    send(staging, "a", "07-14T09:00", rows_accepted=0, rows_read=0, state="nil")
    assert events(staging) == [OPENED, LATE, ("07-14 09:00", "nil")]
    staging.execute("update staging.submissions set received_at = timestamp '2031-07-20 09:00'")
    assert events(staging) == [OPENED, LATE, MISSING, ("07-20 09:00", "nil")]


def test_a_query_and_its_answer(staging: duckdb.DuckDBPyConnection) -> None:
    send(staging, "a", "07-08T09:00")
    query(staging, "a", "answer", "07-09T10:00")
    query(staging, "a", "answer", "07-10T10:00")
    assert events(staging) == [OPENED, ("07-08 09:00", "queried"), ("07-10 10:00", "accepted")]


def test_a_query_that_is_still_open(staging: duckdb.DuckDBPyConnection) -> None:
    send(staging, "a", "07-08T09:00", rows_queried=1)
    query(staging, "a", "answer", "07-09T10:00")
    query(staging, "a")
    assert events(staging) == [OPENED, ("07-08 09:00", "queried")]


def test_a_waiver_that_was_there_before_leaves_nothing_to_ask(staging: duckdb.DuckDBPyConnection) -> None:
    send(staging, "a", "07-08T09:00")
    query(staging, "a", "waiver", "06-01T10:00")
    query(staging, "a", "correction")
    assert events(staging) == [OPENED, ("07-08 09:00", "accepted")]


def test_a_corrected_file_takes_the_place_of_a_queried_one(staging: duckdb.DuckDBPyConnection) -> None:
    send(staging, "a", "07-08T09:00", state="superseded")
    query(staging, "a", "later submission", "07-09T10:00")
    send(staging, "b", "07-09T10:00")
    assert events(staging) == [OPENED, ("07-08 09:00", "queried"), ("07-09 10:00", "accepted")]


def test_refused_then_mended(staging: duckdb.DuckDBPyConnection) -> None:
    send(staging, "a", "07-08T09:00", state="refused", rows_accepted=0, rows_refused=1)
    send(staging, "b", "07-09T09:00", rows_refused=1)
    assert events(staging) == [OPENED, ("07-08 09:00", "refused"), ("07-09 09:00", "refused in part")]


def test_a_refused_file_displaces_none_that_stands(staging: duckdb.DuckDBPyConnection) -> None:
    send(staging, "a", "07-08T09:00")
    send(staging, "b", "07-09T09:00", state="refused", rows_accepted=0, rows_refused=1)
    assert events(staging) == [OPENED, ("07-08 09:00", "accepted"), ("07-09 09:00", "accepted")]
    ((said,),) = staging.execute(f"select said from ({EVENTS}) where file_name = 'b.xlsx'").fetchall()
    assert said == "b.xlsx came and was refused. The one before it counts."


def test_nor_do_two_in_a_row_or_one_that_was_erased_since(staging: duckdb.DuckDBPyConnection) -> None:
    of_no_use = {"state": "refused", "rows_accepted": 0, "rows_refused": 1}
    send(staging, "a", "07-08T09:00")
    send(staging, "b", "07-09T09:00", **of_no_use)
    send(staging, "c", "07-10T09:00", state="erased", ended="Its file was erased.")
    send(staging, "d", "07-11T09:00", **of_no_use)
    assert [state for _, state in events(staging)] == ["due", *["accepted"] * 4]
    staging.execute(
        "update staging.submissions set state = 'withdrawn', ended_at = timestamp '2031-07-09 20:00' "
        "where submission_id = 'a'"
    )
    assert [state for _, state in events(staging)] == [
        "due", "accepted", "accepted", "withdrawn", "erased", "refused",
    ]  # fmt: skip


def test_withdrawn_and_sent_again(staging: duckdb.DuckDBPyConnection) -> None:
    gone = {
        "state": "withdrawn",
        "ended_at": datetime(2031, 7, 10, 23, 59, 59),
        "ended": "Withdrawn by the office.",
    }
    send(staging, "a", "07-08T09:00", **gone)
    send(staging, "b", "07-09T09:00", **gone)
    came = [OPENED, ("07-08 09:00", "accepted"), ("07-09 09:00", "accepted"), ("07-10 23:59", "withdrawn")]
    assert events(staging) == came
    send(staging, "c", "07-11T09:00")
    assert events(staging) == [*came, ("07-11 09:00", "accepted")]


def test_an_erased_file_had_come(staging: duckdb.DuckDBPyConnection) -> None:
    send(
        staging,
        "a",
        "07-08T09:00",
        state="erased",
        ended_at=datetime(2031, 8, 1, 9),
        ended="Its file was erased.",
    )
    assert events(staging) == [OPENED, ("07-08 09:00", "erased")]


def test_what_nobody_expected_has_a_history_too(staging: duckdb.DuckDBPyConnection) -> None:
    send(staging, "a", "07-08T09:00", partner="police")
    assert ("07-08 09:00", "accepted") in events(staging)


# On the sample


def test_the_state_is_that_of_what_counts(sample: Ran) -> None:
    """Reckoned another way: from the submission that counts, else the newest."""
    odd = sample.select(
        """
        select returns.row_id, returns.state from marts.returns as returns
        inner join staging.submissions as sent
            on returns.sha256 = sent.sha256 and returns.quarter = sent.quarter and returns.partner = sent.partner
            and returns.return = sent.return
        where returns.state <> case
            when sent.state = 'accepted' and sent.rows_refused > 0 then 'refused in part'
            when sent.state = 'accepted' and sent.rows_queried > 0 then 'queried'
            else sent.state
        end
        """
    )
    assert odd == []
    assert (
        sample.one("select count(*) from marts.returns where received_at is null and state <> 'missing'") == 0
    )


def test_the_history_ends_with_the_state(sample: Ran) -> None:
    differing = """
        select returns.row_id from marts.returns as returns
        left join marts.return_history as history
            on returns.quarter = history.quarter and returns.partner = history.partner
            and returns.return = history.return and history.is_last
        where returns.state is distinct from history.state
    """
    assert sample.select(differing) == []


def test_a_day_of_the_quarter_is_told_from_the_marts_of_a_later_one(sample: Ran) -> None:
    quarter = "2003-04-Q3"

    def states(day: date) -> dict[tuple[str, str], tuple[str, int | None]]:
        found = standings(sample.workspace, quarter, day)
        return {(one.partner, one.return_name): (one.state, one.days_late) for one in found}

    housing = ("housing", "nrf_spend")
    assert states(date(2003, 12, 31))[housing][0] == "not due"
    assert states(date(2004, 1, 14))[housing][0] == "due"
    assert states(date(2004, 1, 16))[housing] == ("late", 2)
    assert states(date(2004, 1, 20))[housing] == ("accepted", 6)
    assert states(date(2004, 1, 20))["environment", "nrf_spend"] == ("missing", None)


def test_timeliness_and_quality_are_counted_per_partner_and_quarter(sample: Ran) -> None:
    found = sample.select(
        "select partner, returns_expected, returns_on_time, returns_late, returns_outstanding, on_time_pct, "
        "most_days_late from marts.partner_quality where quarter = '2003-04-Q3' and on_time_pct < 100 order by partner"
    )
    assert found == [("environment", 3, 0, 0, 3, 0.0, None), ("housing", 3, 0, 3, 0, 0.0, 6)]


def test_status_exports_states_and_history(sample: Ran) -> None:
    said = lsp("status", "2003-04-Q3", "--format", "csv", "--root", sample.root).out.splitlines()
    assert said[0] == "partner,return,state,due,received,days_late,rows_read,rows_refused,queried,file"
    assert len(said) == 1 + sample.one("select count(*) from marts.returns where quarter = '2003-04-Q3'")
    history = lsp("status", "2003-04-Q3", "--history", "--format", "json", "--root", sample.root).out
    assert '"state": "late"' in history and "the last day for late returns." in history


def test_a_file_that_no_run_has_read_is_received(sample: Ran, tmp_path: Any) -> None:
    workspace: Workspace = copied(sample, tmp_path / "copy").workspace
    path = tmp_path / "again.csv"
    path.write_text("nothing yet", encoding="utf-8")
    day = date(2004, 10, 1)
    assert {one.state for one in standings(workspace, "2004-05-Q2", day)} == {"due"}
    assert (
        lsp("receive", path, "--from", "housing", "--quarter", "2004-05-Q2", "--root", workspace.root).code
        == 0
    )
    states = {(one.partner, one.state) for one in standings(workspace, "2004-05-Q2", day)}
    assert ("housing", "received") in states and ("police", "due") in states
    assert QUARTER in lsp("status", "--root", workspace.root).out
