"""Dates: British order, two-digit years, Excel's day numbers."""

from datetime import date, datetime, time

import pytest

from pipelines.parse import parse

JULY_13 = date(2004, 7, 13)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (JULY_13, JULY_13),
        (datetime(2004, 7, 13, 9, 30), JULY_13),
        ("2004-07-13", JULY_13),
        ("2004-07-13T00:00:00", JULY_13),
        ("2004/07/13", JULY_13),
        ("20040713", JULY_13),
        ("13 July 2004", JULY_13),
        (" 13\u00a0July 2004 ", JULY_13),
        ("13th July 04", JULY_13),
        ("13th of July 2004", JULY_13),
        ("Tuesday, 13 July 2004", JULY_13),
        ("Tue 13 Jul 2004", JULY_13),
        ("13-Jul-04", JULY_13),
        ("13/07/2004", JULY_13),
        ("13/07/2004 00:00", JULY_13),
        ("13.7.04", JULY_13),
        ("13–07–2004", JULY_13),
        ("13 / 07 / 2004", JULY_13),
        ("July 13, 2004", JULY_13),
        ("1 Sept. 2004", date(2004, 9, 1)),
        ("07/06/2004", date(2004, 6, 7)),
        ("1/4/49", date(2049, 4, 1)),
        ("1/4/50", date(1950, 4, 1)),
        ("29 February 2004", date(2004, 2, 29)),
    ],
)
def test_dates_that_can_be_read_in_one_way(raw, expected):
    parsed = parse("date", raw)
    assert (parsed.value, parsed.problem, parsed.remark) == (expected, None, None)
    assert type(parsed.value) is date


@pytest.mark.parametrize(
    ("raw", "remark"),
    [
        ("07/13/2004", "We read '07/13/2004' as 13 July 2004, with the month first. Please confirm."),
        (38181, "We read 38181 as 13 July 2004, counting days as Excel does. Please confirm."),
        (38181.5, "We read 38181.5 as 13 July 2004, counting days as Excel does. Please confirm."),
        ("38181", "We read '38181' as 13 July 2004, counting days as Excel does. Please confirm."),
    ],
)
def test_dates_that_somebody_should_confirm(raw, remark):
    parsed = parse("date", raw)
    assert (parsed.value, parsed.remark, parsed.problem) == (JULY_13, remark, None)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (
            "July 2004",
            "We found 'July 2004' where a date was expected. "
            "Type day, month and year, for example 13 July 2012.",
        ),
        (
            2004,
            "We found 2004 where a date was expected. Type day, month and year, for example 13 July 2012.",
        ),
        (
            "31 June 2004",
            "There is no such day as '31 June 2004'. Check the date, and type it as in 13 July 2012.",
        ),
        (
            "13/13/2004",
            "There is no such day as '13/13/2004'. Check the date, and type it as in 13 July 2012.",
        ),
        (
            date(204, 7, 13),
            "We found 0204-07-13, a date in the year 204. Check the year and type the date again.",
        ),
    ],
)
def test_a_refused_date_says_why(raw, problem):
    parsed = parse("date", raw)
    assert (parsed.value, parsed.problem) == (None, problem)


@pytest.mark.parametrize(
    "raw",
    [
        "2004",
        "Q1",
        "ongoing",
        "2 04/05",
        "2004-07.13",
        "12/13",
        "29 February 2003",
        12,
        73051,
        True,
        time(9),
        "0",
    ],
)
def test_what_is_no_day_is_refused(raw):
    parsed = parse("date", raw)
    assert parsed.value is None
    assert parsed.problem


def test_a_date_to_be_confirmed_is_missing():
    assert parse("date", "TBC").status == "x"
    assert parse("date", "not applicable").status == "z"
