"""Periods and quarters: label in, start and duration out."""

from datetime import date, datetime

import pytest

from pipelines.parse import Period, parse


def read(raw, **column):
    """(key, label) of a period; with 'asks' if there is a remark; 'refused' if there is a problem."""
    parsed = parse("period", raw, **column)
    if parsed.problem:
        assert (parsed.value, parsed.status, parsed.remark) == (None, None, None)
        return "refused"
    found = (parsed.value.key, parsed.value.label)
    return (*found, "asks") if parsed.remark else found


CALENDAR_2002 = ("2002-01-01/P1Y", "2002")
FINANCIAL_2002 = ("2002-04-01/P1Y", "2002/03")
ACADEMIC_2002 = ("2002-09-01/P1Y", "2002/03")
ROLLING_2000 = ("2000-01-01/P3Y", "2000 to 2002")
SPRING = ("2004-04-01/P3M", "Apr to Jun 2004")
JUNE = ("2004-06-01/P1M", "Jun 2004")
TO_JUNE = ("2003-07-01/P1Y", "Jul 2003 to Jun 2004")
APRIL_1 = ("2004-04-01/P1D", "1 April 2004")


@pytest.mark.parametrize(
    ("raws", "expected"),
    [
        (["2002", 2002, 2002.0, " 2002 ", "CY 2002", "calendar year 2002", "year 2002"], CALENDAR_2002),
        (["2002/03", "2002-03", "2002–03", "2002/2003", "2002-2003", "2002 to 2003"], FINANCIAL_2002),
        (["FY 2002/03", "FY2002/03", "Financial Year 2002/03", "2002/03 (financial)"], FINANCIAL_2002),
        (["Apr 2002 to Mar 2003", "year to March 2003", "2002-04-01/P1Y"], FINANCIAL_2002),
        (["AY 2002/03", "2002/03 academic", "academic year 2002-03", "School year 2002/03"], ACADEMIC_2002),
        (["Sept 2002 to Aug 2003", "2002-09 to 2003-08", "2002-09-01/P1Y"], ACADEMIC_2002),
        (["1 September 2002 to 31 August 2003"], ACADEMIC_2002),
        (["1999-00", "1999/2000"], ("1999-04-01/P1Y", "1999/00")),
        (["2000-02", "2000/02", "2000-2002", "2000 to 2002", "2000-02 (3YR)"], ROLLING_2000),
        (
            ["3 yrs to 2002", "3 years to 2002", "three years to 2002", "three-year average 2000-02"],
            ROLLING_2000,
        ),
        (["1994-98", "1994-98 mean"], ("1994-01-01/P5Y", "1994 to 1998")),
        (["2000/01 to 2002/03", "3 years to March 2003"], ("2000-04-01/P3Y", "2000/01 to 2002/03")),
        (["Q1 2004/05", "Q1 04/05", "2004/05 Q1", "2004-05-Q1", "Q1 2004-05", "q1 FY 2004/05"], SPRING),
        (["Quarter 1 2004/05", "Qtr 1 2004/05", "1st quarter 2004/05", "First quarter of 2004/05"], SPRING),
        (
            [
                "Apr-Jun 2004",
                "Apr to Jun 2004",
                "April - June 2004",
                "Apr–Jun 04",
                "Apr-Jun 2004/05",
                "Apr-Jun 2004-05",
                "Apr/May/Jun 2004",
                "Financial year 2004 to 2005 (Apr to Jun)",
                "April, May, June 2004",
            ],
            SPRING,
        ),
        (["1st Quarter April to June 2004", "Q1 2004/05: Apr 2004 - Jun 2004", "Q2 (Apr-Jun) 2004"], SPRING),
        (["quarter ending June 2004", "3 months to 30 June 2004", "1/4/2004 - 30/6/2004"], SPRING),
        (["Jan-Mar 2004/05", "Q4 2004/05"], ("2005-01-01/P3M", "Jan to Mar 2005")),
        (["Nov 2003 to Jan 2004"], ("2003-11-01/P3M", "Nov 2003 to Jan 2004")),
        (["H1 2004/05", "first half of 2004/05"], ("2004-04-01/P6M", "Apr to Sep 2004")),
        (["Jun 2004", "June 2004", "Jun-04", "Jun '04", "JUNE 2004", "06/2004", "2004 June"], JUNE),
        (["2004-03"], ("2004-03-01/P1M", "Mar 2004")),
        (["2015-11"], ("2015-11-01/P1M", "Nov 2015")),
        (["year to June 2004", "12 months to Jun 2004", "rolling year ending 30 June 2004"], TO_JUNE),
        (
            ["financial year ending 2003", "Fiscal year to 2003", "the financial year ended March 2003"],
            FINANCIAL_2002,
        ),
        (
            ["academic year ended 2003", "School year to 2003", "academic year to 31 August 2003"],
            ACADEMIC_2002,
        ),
        (["calendar year ending 2002", "year ended 2002", "year to December 2002"], CALENDAR_2002),
        (["academic year to July 2003"], ("2002-08-01/P1Y", "Aug 2002 to Jul 2003")),
        (["2001-02 to 2012-13", "2001/02 - 2012/13"], "refused"),
        (
            ["2008-09 to 2012-13", "2008/09 to 2012/13", "2008-2009 to 2012-2013"],
            ("2008-04-01/P5Y", "2008/09 to 2012/13"),
        ),
        (["as at 1 April 2004", "1 April 2004", "01/04/2004", "at 1st April 2004"], APRIL_1),
    ],
)
def test_one_period_under_its_many_names(raws, expected):
    assert {raw: read(raw) for raw in raws} == dict.fromkeys(raws, expected)


@pytest.mark.parametrize(
    "raw", ["2009-10 to 2011-12", "2009-10 - 2011-12", "2001-02 to 2003-04", "2009-10–2011-12"]
)
def test_two_years_that_may_be_two_months_are_asked_about_unless_the_series_or_the_label_says_which(raw):
    first, last = raw[:7], raw[-7:]
    assert read(raw) == read(raw, year_kind="academic") == read(raw, year_kind="calendar") == "refused"
    slashed = f"{first.replace('-', '/')} to {last.replace('-', '/')}"
    assert f"means the years {slashed} or the months" in parse("period", raw).problem
    years = (f"{raw[:4]}-04-01/P3Y", slashed)
    assert read(f"financial years {raw}") == read(f"{raw} (3 year average)") == read(slashed) == years
    assert read(raw, year_kind="monthly")[0] == f"{first}-01/P27M"


def test_a_financial_year_that_ends_in_june_is_asked_about():
    assert parse("period", "financial year to June 2004").problem == (
        "We can't tell which months 'financial year to June 2004' covers: the financial year ends in March. "
        "Type the first and the last month, as in Apr to Jun 2012."
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2004Q2", SPRING),
        ("2004 Q2", SPRING),
        ("Q2 2004", SPRING),
        ("04/05", ("2004-04-01/P1Y", "2004/05")),
        ("Spring 2003", ("2003-03-01/P3M", "Mar to May 2003")),
        ("30 June 2004", ("2004-06-30/P1D", "30 June 2004")),
        ("07/13/2004", ("2004-07-13/P1D", "13 July 2004")),
        ("2002 (p)", CALENDAR_2002),
        ("2002/03*", FINANCIAL_2002),
        ("2017⁵", ("2017-01-01/P1Y", "2017")),
    ],
)
def test_periods_that_somebody_should_confirm(raw, expected):
    assert read(raw) == (*expected, "asks")


def test_a_calendar_quarter_says_how_it_was_read():
    assert parse("period", "2004Q2").remark == (
        "We read '2004Q2' as Apr to Jun 2004, counting from January. "
        "If it counts from April, type both years, as in Q1 2012/13."
    )


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("Q2", "'Q2' doesn't say of which year. Type the year too, as in Q1 2012/13."),
        (
            "2004-09",
            "We can't tell whether '2004-09' means 2004 to 2009 or September 2004. Type it out in full.",
        ),
        ("FY 2002", "We can't tell whether the financial year 2002 is 2001/02 or 2002/03. Type both years."),
        (
            "Q3 Apr-Jun 2004",
            "The number and the months of 'Q3 Apr-Jun 2004' don't agree. "
            "Type one of them, as in Q1 2012/13 or Apr to Jun 2012.",
        ),
        (
            "Nov-Jan 2004",
            "We can't tell in which years 'Nov-Jan 2004' begins and ends. Type the year after both months.",
        ),
        ("31 June 2004", "There is no such day as in '31 June 2004'. Check the date and type it again."),
        (
            "last year",
            "We can't tell which period 'last year' is. "
            "Type it as in 2012, 2012/13, 2010 to 2012, Apr to Jun 2012 or Jun 2012.",
        ),
    ],
)
def test_a_refused_period_says_why(raw, problem):
    assert parse("period", raw).problem == problem


NO_PERIODS = [
    *("Jun", "Q5 2004/05", "Q1 2004/06", "Q2-Q1 2004/05", "Q4 2004/05 Jan to Mar 2004", "05/07", "1850"),
    *("Apr 2002-03", "Apr31", "04/05))2004"),
    *("2003-02-30", "3 yrs average 2000-01", "2 April 2004 to 30 June 2004", "2002-09-02/P1Y"),
    *(38181, 2002.5, True),
]


def test_a_label_without_a_year_takes_it_from_its_return_if_it_can_be_no_other():
    for raw, label in [
        ("Q1", "Apr to Jun 2004"),
        ("1st Quarter", "Apr to Jun 2004"),
        ("Apr - Jun", "Apr to Jun 2004"),
        ("June", "Jun 2004"),
    ]:
        read = parse("period", raw, quarter="2004-05-Q1")
        assert read.value.label == label
        assert read.remark == (
            f"We read '{raw}' as {label}, taking the year from the quarter of the return. Please confirm."
        )
    assert parse("period", "Feb", quarter="2004-05-Q4").value.label == "Feb 2005"
    assert parse("quarter", "Q4", quarter="2004-05-Q4").value == "2004-05-Q4"


@pytest.mark.parametrize("raw", ["Q2", "Jul to Sep", "July", "Q1 to Q2", "later"])
def test_a_label_without_a_year_that_is_not_of_the_return_s_quarter_is_refused(raw):
    assert parse("period", raw, quarter="2004-05-Q1") == parse("period", raw)
    assert parse("period", raw, quarter=None).problem


@pytest.mark.parametrize("raw", NO_PERIODS)
def test_labels_that_name_no_period_are_refused(raw):
    assert read(raw) == "refused"


@pytest.mark.parametrize(
    ("year_kind", "raw", "expected"),
    [
        ("academic", "2002/03", ACADEMIC_2002),
        ("academic", "FY 2002/03", FINANCIAL_2002),
        ("academic", "2000-02", ROLLING_2000),
        ("calendar", "2002/03", ("2002-01-01/P2Y", "2002 to 2003")),
        ("calendar", "AY 2002/03", ACADEMIC_2002),
        ("monthly", "2004-06", JUNE),
        ("monthly", "2004-05", ("2004-05-01/P1M", "May 2004")),
        ("financial", "2004-06", ("2004-01-01/P3Y", "2004 to 2006")),
        ("financial", "2004-05", ("2004-04-01/P1Y", "2004/05")),
    ],
)
def test_the_kind_of_year_settles_what_two_years_mean(year_kind, raw, expected):
    assert read(raw, year_kind=year_kind) == expected


@pytest.mark.parametrize(
    ("raw", "number_format", "expected"),
    [
        (datetime(2004, 6, 1), "mmm-yy", (*JUNE, "asks")),
        (date(2004, 6, 1), "mmmm yyyy", (*JUNE, "asks")),
        (date(2004, 6, 1), "yyyy", ("2004-01-01/P1Y", "2004", "asks")),
        (date(2004, 4, 1), "dd/mm/yyyy", (*APRIL_1, "asks")),
        (date(2004, 4, 1), "[$-809]d mmmm yyyy;@", (*APRIL_1, "asks")),
        (date(2004, 5, 4), "d-mmm", "refused"),
        (date(2004, 5, 4), "mmm-yy", "refused"),
        (date(2004, 6, 1), None, "refused"),
    ],
)
def test_a_date_cell_is_read_by_its_format_or_not_at_all(raw, number_format, expected):
    assert read(raw, number_format=number_format) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1900", ("1900-01-01/P1Y", "1900")),
        ("2099", ("2099-01-01/P1Y", "2099")),
        ("1 January 1900", ("1900-01-01/P1D", "1 January 1900")),
        ("as at 31 December 2099", ("2099-12-31/P1D", "31 December 2099")),
        ("Jan 1900 to Dec 2099", ("1900-01-01/P200Y", "1900 to 2099")),
        ("2099/2100", "refused"),
        ("year to June 1900", "refused"),
        ("1 April 1899", "refused"),
        ("as at 1 January 2100", "refused"),
        ("31 December 9999", "refused"),
        ("1 January 2004 to 31 December 9999", "refused"),
        ("year to 31 December 9999", "refused"),
        ("2004-04-01/P0M", "refused"),
    ],
)
def test_periods_lie_between_1900_and_2099(raw, expected):
    assert read(raw) == expected


@pytest.mark.parametrize(
    "raw", ["2003-02-30/P1Y", "2004-04-01/P2D", "year to 15 June 2004", "year to 31 June 2004"]
)
def test_days_that_begin_or_end_no_month_are_refused(raw):
    assert read(raw) == "refused"


def test_a_period_ends_on_its_last_day():
    ends = {
        raw: parse("period", raw).value.end
        for raw in ("2002", "2002/03", "Feb 2004", "2000-02", "Q1 2004/05")
    }
    assert ends == {
        "2002": date(2002, 12, 31),
        "2002/03": date(2003, 3, 31),
        "Feb 2004": date(2004, 2, 29),
        "2000-02": date(2002, 12, 31),
        "Q1 2004/05": date(2004, 6, 30),
    }


def test_periods_sort_by_start_and_then_by_end():
    labels = ["2002/03", "2002", "2000 to 2002", "Jan to Mar 2002", "Jan 2002"]
    found = sorted(parse("period", label).value for label in labels)
    assert [period.label for period in found] == [
        "2000 to 2002",
        "Jan 2002",
        "Jan to Mar 2002",
        "2002",
        "2002/03",
    ]


OUR_LABELS = [
    *("2012", "2012/13", "1999/00", "2010 to 2012", "2010/11 to 2012/13", "Jul 2011 to Jun 2012"),
    *("Apr to Jun 2012", "Nov 2011 to Jan 2012", "Jun 2012", "1 April 2012"),
]


@pytest.mark.parametrize("label", OUR_LABELS)
def test_the_labels_we_print_can_be_typed_in_again(label):
    period = parse("period", label).value
    assert isinstance(period, Period)
    assert period.label == label
    assert parse("period", period.key).value == period


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2004-05-Q1", "2004-05-Q1"),
        ("Q1 2004/05", "2004-05-Q1"),
        ("Apr to Jun 2004", "2004-05-Q1"),
        ("quarter ending June 2004", "2004-05-Q1"),
        ("Jan-Mar 2005", "2004-05-Q4"),
        ("Q4 99/00", "1999-00-Q4"),
    ],
)
def test_quarters(raw, expected):
    parsed = parse("quarter", raw)
    assert (parsed.value, parsed.remark, parsed.problem) == (expected, None, None)


@pytest.mark.parametrize("raw", ["2004Q2", "Q2 2004", "30 June 2004", "2004-06-30"])
def test_quarters_that_somebody_should_confirm(raw):
    parsed = parse("quarter", raw)
    assert parsed.value == "2004-05-Q1"
    assert parsed.remark


@pytest.mark.parametrize(
    "raw",
    ["Q2", "2002/03", "May to July 2004", "Jun 2004", "1 April 2004", 5, True, date(2004, 4, 1), "soon"],
)
def test_what_is_no_quarter_is_refused(raw):
    parsed = parse("quarter", raw)
    assert parsed.value is None
    assert "Q1 2012/13" in parsed.problem
