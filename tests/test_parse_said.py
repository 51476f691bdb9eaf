"""What stands around a figure and changes it: the unit in its heading, its number format, a mark beside it."""

import pytest

from pipelines.parse import Parsed, is_flag, parse


@pytest.mark.parametrize(
    ("said", "raw", "value"),
    [
        ("£000s", 9308, 9_308_000),
        ("£000", "9,308", 9_308_000),
        ("£'000", 9308.5, 9_308_500),
        ("£’000", 9308, 9_308_000),
        ("£k", 12, 12_000),
        ("in thousands of pounds", 12, 12_000),
        ("thousands", "(2.5)", -2_500),
        ("£m", 9.308, 9_308_000),
        ("millions", "£9.3", 9_300_000),
        ("£000s", "£1.2m", 1_200_000),  # it says itself what it is
        ("£000s", "12k", 12_000),
        ("£000s", 0, 0),
        ("£", 9308, 9308),
        ("GBP", 9308, 9308),
        ("No.", 9308, 9308),
        (None, 9308, 9308),
    ],
)
def test_money_under_a_heading_in_thousands_is_in_thousands(said, raw, value):
    assert parse("money", raw, unit="GBP", said=said) == Parsed(float(value))


def test_whole_pounds_may_stand_under_a_heading_in_thousands():
    read = parse("money", 9_308_000, unit="GBP", said="£000s")
    assert read.value == 9_308_000_000
    assert read.remark == "The heading says '£000s', so we read 9308000 as 9,308,000,000. Please confirm."
    assert read.alternatives == (9_308_000_000.0, 9_308_000.0)


@pytest.mark.parametrize(
    ("kind", "unit", "said", "raw", "expected"),
    [
        ("count", None, "thousands", 216.1, 216_100),
        ("count", None, "000s", "216", 216_000),
        ("measure", "people", "thousands", 1.5, 1500),
        ("percent", "%", "%", "38", 38),
        ("measure", "%", "percentage", 38, 38),
        ("measure", "days", "days", 31, 31),
        ("measure", "per 1,000 women aged 15-17", "per 1,000", 61.5, 61.5),
        ("measure", "per 100,000, age-standardised", "rate per 100,000", 11.4, 11.4),
        ("measure", "percentage points", "points", 4, 4),
        ("number", None, "people", 12, 12),
        ("number", None, "%", 30, 30),
    ],
)
def test_a_heading_may_say_what_the_column_is_in_anyway(kind, unit, said, raw, expected):
    assert parse(kind, raw, unit=unit, said=said) == Parsed(expected)


@pytest.mark.parametrize(
    ("kind", "unit", "said"),
    [
        ("measure", "%", "points"),
        ("percent", "%", "£000s"),
        ("money", "GBP", "%"),
        ("measure", "people", "£"),
        ("count", None, "%"),
        ("measure", "per 100,000", "per 1,000,000"),
        ("measure", "days", "weeks"),
    ],
)
def test_a_figure_under_a_heading_that_says_something_else_is_refused(kind, unit, said):
    assert f"stands under a heading that says '{said}'" in parse(kind, 38, unit=unit, said=said).problem


def test_another_denominator_in_the_heading_is_asked_about():
    read = parse("measure", 11.4, unit="per 1,000 households", said="per 1,000 population")
    assert (read.value, read.remark) == (
        11.4,
        "The heading says 'per 1,000 population', and we took 11.4 to be per 1,000 households. Please confirm.",
    )


@pytest.mark.parametrize(
    ("number_format", "raw", "value", "asks"),
    [
        ("#,##0,", 9_308_000, 9_308_000, False),  # Excel shows 9,308
        ("#,##0.0,,", 9_308_000, 9_308_000, False),
        ("£#,##0", 9_308, 9_308_000, False),
        ('0.0"m"', 1.2, 1_200_000, True),
        ('#,##0"k"', 12, 12_000, True),
        (r"0\k", 12, 12_000, True),
        ("#,##0.00", 12, 12_000, False),
    ],
)
def test_a_number_format_may_hide_thousands_or_write_them(number_format, raw, value, asks):
    read = parse("money", raw, unit="GBP", said="£000s", number_format=number_format)
    assert (read.value, bool(read.remark)) == (value, asks)


def test_an_unclear_percentage_keeps_both_readings():
    assert parse("percent", 0.38).alternatives == (0.38, 38.0)
    assert parse("measure", "0.38", unit="%").alternatives == (0.38, 38.0)
    assert parse("percent", 38).alternatives == ()


# Marks beside a value


@pytest.mark.parametrize("raw", ["u", "(p)", "[r]", "Revised", " e ", "c", "*", "x"])
def test_flags(raw):
    assert is_flag(raw)


@pytest.mark.parametrize("raw", ["", " ", "good", "23.6", 23.6, None, "up"])
def test_what_is_no_flag(raw):
    assert not is_flag(raw)


@pytest.mark.parametrize(
    ("raw", "flag", "expected"),
    [
        (23.6, "u", Parsed(23.6, "u")),
        (23.6, None, Parsed(23.6)),
        (23.6, "  ", Parsed(23.6)),
        ("54.9 (p)", "p", Parsed(54.9, "p")),
        (None, "c", Parsed(None, "c")),
        (None, "u", Parsed(None, "u")),
        (None, "p", Parsed(None)),
        ("n/a", "z", Parsed(None, "z")),
    ],
)
def test_a_mark_beside_a_value_is_its_status(raw, flag, expected):
    read = parse("measure", raw, unit="per 1,000", flag=flag)
    assert (read.value, read.status) == (expected.value, expected.status)


def test_marks_that_disagree_or_say_nothing_are_asked_about():
    read = parse("measure", "54.9 (p)", unit="per 1,000", flag="r")
    assert (read.value, read.status) == (54.9, "p")
    assert "'r', don't agree" in read.remark
    read = parse("measure", 54.9, unit="per 1,000", flag="q")
    assert (read.value, read.status) == (54.9, None)
    assert "We don't know what 'q' beside the value means" in read.remark


@pytest.mark.parametrize(("flag", "status"), [("x", None), ("z", None), ("c", "c"), ("*", "c")])
def test_a_mark_that_says_there_is_no_value_beside_one_is_asked_about(flag, status):
    read = parse("measure", 54.9, unit="per 1,000", flag=flag)
    assert (read.value, read.status) == (54.9, status)
    assert f"The mark '{flag}' beside the value says that it" in read.remark


def test_a_mark_makes_no_value_of_what_can_not_be_read():
    assert parse("measure", "a lot", unit="per 1,000", flag="p") == parse(
        "measure", "a lot", unit="per 1,000"
    )
