"""parse() as a whole: blanks and errors, missing markers, the defects seen in real returns, and fuzz."""

import math
import random
from datetime import date, datetime, time

import pytest

from pipelines.cells import CellError
from pipelines.parse import Parsed, Period, as_typed, is_missing_marker, parse

NUMERIC = ["number", "count", "money", "percent", "measure"]
KINDS = [*NUMERIC, "text", "period", "quarter", "date", "rating", "choice"]
STATUSES = {None, "p", "r", "e", "f", "b", "c", "u", "x", "z", "low"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("raw", [None, "", "   ", "\u00a0", "\u200b\n"])
def test_blank_is_nothing_at_all(kind, raw):
    assert parse(kind, raw) == Parsed(None, None, None, None)


def test_a_kind_that_no_contract_has_is_our_mistake():
    with pytest.raises(ValueError, match="There is no column type 'colour'"):
        parse("colour", "x")
    with pytest.raises(ValueError, match="There is no kind of year 'fiscal'"):
        parse("period", "2002/03", year_kind="fiscal")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  as it is ", "  as it is "),
        (38.0, "38"),
        (0.38, "0.38"),
        (0.1 + 0.2, "0.3"),
        (1289, "1289"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2004, 7, 13), "2004-07-13"),
        (datetime(2004, 7, 13), "2004-07-13"),
        (datetime(2004, 7, 13, 9, 30), "2004-07-13 09:30:00"),
        (time(9, 30), "09:30:00"),
        (CellError("#DIV/0!"), "#DIV/0!"),
        (None, ""),
    ],
)
def test_as_typed(raw, expected):
    assert as_typed(raw) == expected


MARKERS = [
    *("n/a", "N/A", "na", "N.A.", "n / a", "·    NA", "TBC", "tbe", "to be confirmed"),
    *("-", "–", "..", "...", "…", "?", "x", "[x]", "(x)", "unknown", "not available", "Not yet published"),
    *("< Select >", "<Select>", "< Please Select a Date >", "Please select an option"),
    "Leave blank - Please provide upcoming milestones in Section B below.",
]


@pytest.mark.parametrize("raw", MARKERS)
def test_missing_markers(raw):
    assert is_missing_marker(raw)
    assert parse("measure", raw) == Parsed(None, "x", None, None)


@pytest.mark.parametrize("raw", ["z", "[z]", "Not  Applicable"])
def test_not_applicable_is_another_thing_than_not_available(raw):
    assert is_missing_marker(raw)
    assert parse("measure", raw) == Parsed(None, "z", None, None)


@pytest.mark.parametrize(
    "raw", ["0", "38", "*", "c", "none", "nan", "RNA", "Select committee", "-1", 0, None, 38.0]
)
def test_what_is_no_missing_marker(raw):
    assert not is_missing_marker(raw)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("raw", ["#REF!", "#DIV/0!", "#n/a", " #NAME? ", "Err:502", "########"])
def test_an_error_typed_or_pasted_as_text_is_an_error(kind, raw):
    found = parse(kind, raw).problem
    assert "error" in found or "too narrow" in found


# The defects of the domain notes, by their number there, as far as they concern a single value.


def test_row_08_percent_as_fraction():
    assert parse("percent", 0.38, number_format="0%").value == 38
    assert parse("percent", "38%").value == 38
    assert parse("percent", 38).value == 38
    assert "0.38% or 38%" in parse("percent", 0.38).problem


@pytest.mark.parametrize("raw", ["4 percentage points", "4%pts", "+4%", "4 points", "4pp", "4 % points"])
def test_row_09_percentage_points_are_no_level(raw):
    assert "reads as a change" in parse("measure", raw, unit="%").problem


def test_row_12_money_as_text():
    found = {raw: parse("money", raw).value for raw in ("£1.2m", "1,200k", "£ 1 200", "(3,400)")}
    assert found == {"£1.2m": 1_200_000, "1,200k": 1_200_000, "£ 1 200": 1200, "(3,400)": -3400}


@pytest.mark.parametrize("kind", NUMERIC)
@pytest.mark.parametrize("raw", ["n/a", "TBC", "TBE", "-", "..", "z", "Leave blank - see below"])
def test_row_14_a_missing_marker_is_a_status_and_never_zero(kind, raw):
    parsed = parse(kind, raw)
    assert parsed.value is None
    assert parsed.status in ("x", "z")
    assert parsed.problem is None


def test_row_15_blank_zero_and_none_are_three_things():
    assert parse("count", None).value is None
    assert parse("count", 0).value == 0
    assert "means 0 or that the figure is not known" in parse("count", "none").problem


@pytest.mark.parametrize(
    "raw", ["*", "**", "<5", "< 5", "c", "[c]", "1-7", "1 to 7", "0-4", "fewer than 10", "suppressed"]
)
def test_row_16_suppressed_is_censored_and_never_zero(raw):
    assert parse("count", raw) == Parsed(None, "c", None, None)


@pytest.mark.parametrize("raw", [-1, "-1", -99, -999.0])
def test_row_17_sentinels_are_asked_about_and_no_count(raw):
    assert "not available" in parse("measure", raw, unit="years").remark
    assert "can't be below zero" in parse("count", raw).problem
    assert parse("money", raw).remark is None


def test_row_17_large_numbers_are_not_taken_for_sentinels():
    assert parse("count", 999) == Parsed(999, None, None, None)


@pytest.mark.parametrize(
    ("raw", "value", "status"),
    [
        ("54.9(p)", 54.9, "p"),
        ("61.4(r)", 61.4, "r"),
        ("61.4 (r)", 61.4, "r"),
        ("54.9 e", 54.9, "e"),
        ("54.9p", 54.9, "p"),
        ("54.9 [p]", 54.9, "p"),
        ("54.9 provisional", 54.9, "p"),
        ("(54.9) (r)", -54.9, "r"),
        ("1,289 [u]", 1289.0, "u"),
        ("54.9 b", 54.9, "b"),
        ("54.9 [f]", 54.9, "f"),
        ("0 [low]", 0.0, "low"),
    ],
)
def test_row_18_status_suffix(raw, value, status):
    assert parse("measure", raw, unit="per 1,000") == Parsed(value, status, None, None)


def test_row_20_footnote_glued_to_a_year():
    read = parse("period", "20175")
    assert read.value.label == "2017"
    assert "taking the 5 for the number of a note" in read.remark
    assert parse("period", "2003/046").value.label == "2003/04"
    assert parse("period", "2004/056").problem is None
    assert parse("period", "2017⁵").value.label == "2017"
    assert parse("measure", "54.9¹").value == 54.9


@pytest.mark.parametrize("raw", ["99.43%100% A", "38 / 41", "38% (42%)", "38; 41"])
def test_row_22_two_values_in_one_cell(raw):
    assert "more than one number" in parse("percent", raw).problem


def test_row_23_units_in_value():
    assert parse("measure", "65 days", unit="days") == Parsed(65.0, None, None, None)
    assert parse("measure", "31.02days", unit="days") == Parsed(31.02, None, None, None)
    assert "without 'days'" in parse("number", "65 days").remark


def test_row_24_unit_slip():
    assert parse("measure", "11.4/100000", unit="per 100,000").value == 11.4
    assert "another base" in parse("measure", "11.4/1000000", unit="per 100,000").problem


@pytest.mark.parametrize(
    "raw",
    ["Q1 04/05", "Apr-Jun 2004", "2004Q2", "1st Quarter April to June 2004", "Apr to Jun 2004", "2004-05-Q1"],
)
def test_row_28_period_labels(raw):
    assert parse("period", raw).value.key == "2004-04-01/P3M"
    assert parse("quarter", raw).value == "2004-05-Q1"


def test_row_28_a_quarter_of_no_year():
    assert parse("period", "Q2").problem
    assert parse("quarter", "Q2").problem


def test_row_29_calendar_and_financial_quarters():
    calendar, financial = parse("period", "2004Q2"), parse("period", "Q1 2004/05")
    assert calendar.value == financial.value
    assert "counting from January" in calendar.remark
    assert financial.remark is None


@pytest.mark.parametrize("raw", ["2002-04", "2002-04 (3YR)", "2002/04", "2002-2004", "3 yrs to 2004"])
def test_row_30_rolling_label(raw):
    assert parse("period", raw).value.key == "2002-01-01/P3Y"


def test_row_31_excel_ate_the_label():
    assert "what was typed is lost" in parse("period", datetime(2004, 5, 4), number_format="d-mmm").problem
    assert "Excel makes dates of entries such as 1-7" in parse("count", datetime(2004, 7, 1)).problem


def test_row_32_dates_as_text_or_in_american_order():
    found = {raw: parse("date", raw).value for raw in ("13th July 04", "07/13/2004", 38181)}
    assert set(found.values()) == {date(2004, 7, 13)}
    assert [bool(parse("date", raw).remark) for raw in found] == [False, True, True]


def test_row_34_spaces_dashes_and_quotes_are_as_typed_by_office_programs():
    assert parse("text", "Marina Village\u00a0").value == "Marina Village"
    assert parse("period", "Apr\u2013Jun\u00a02004").value == parse("period", "Apr-Jun 2004").value
    assert parse("measure", "\u221254.9").value == -54.9


@pytest.mark.parametrize("raw", ["< Select >", "Please select an option"])
def test_row_42_placeholder_of_a_dropdown(raw):
    for kind in ("choice", "rating", "text", "count"):
        assert parse(kind, raw, choices=["a"]) == Parsed(None, "x", None, None)


def test_row_43_free_text_in_a_dropdown_column():
    assert "Choose from: yes, no." in parse("choice", "mostly, but see below", choices=["yes", "no"]).problem


def test_row_44_numbers_as_text():
    assert parse("number", "'38.0") == Parsed(38.0, None, None, None)
    assert parse("number", "38.0") == Parsed(38.0, None, None, None)
    comma = parse("number", "38,5")
    assert comma.value == 38.5
    assert "the comma as a decimal point" in comma.remark


@pytest.mark.parametrize("kind", KINDS)
def test_row_45_formula_without_a_cached_value(kind):
    assert "was never calculated" in parse(kind, CellError("uncalculated")).problem


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["#REF!", "#DIV/0!", "#N/A"])
def test_row_46_a_cell_in_error_names_its_error(kind, code):
    assert f"the error {code}" in parse(kind, CellError(code)).problem


@pytest.mark.parametrize(("raw", "code"), [("A/G", "AG"), ("AG", "AG"), ("Amber-Green", "AG"), ("🟢", "G")])
def test_row_50_ratings_in_letters_words_and_shapes(raw, code):
    assert parse("rating", raw).value == code


@pytest.mark.parametrize("raw", ["↑ 3", "↓", "+3", "same", "up 3", "no change", "▲ 2.5"])
def test_row_51_a_change_is_no_value(raw):
    assert "reads as a change" in parse("measure", raw, unit="%").problem


def test_row_51_an_arrow_behind_a_value_is_left_aside():
    parsed = parse("measure", "38.5 ↑")
    assert parsed.value == 38.5
    assert "without '↑'" in parsed.remark


@pytest.mark.parametrize(
    "raw", ["65-70", "65 to 70", "65–70%", ">95", "≥ 95", "95+", "over 95", "up to 95", "95 or more"]
)
def test_row_52_a_range_is_no_figure(raw):
    assert "is a range" in parse("percent", raw).problem


@pytest.mark.parametrize(
    "raw", ["c. 900", "c900", "approx 900", "Approx. 900", "about 900", "~900", "circa 900", "900 approx"]
)
def test_row_52_an_approximate_figure_is_an_estimate_to_confirm(raw):
    parsed = parse("count", raw)
    assert (parsed.value, parsed.status) == (900, "e")
    assert parsed.remark


@pytest.mark.parametrize("raw", ["−2,500", "(2,500)", "-2500", "2,500-", -2500])
def test_row_54_a_negative_amount_is_read(raw):
    assert parse("money", raw) == Parsed(-2500.0, None, None, None)


# Whatever a cell holds, parse answers: a value, a status, or a sentence.

_PIECES = [
    *"0123456789.,-–−()[]<>%£*/'↑+ \u00a0\u200b\x00\ud800\n",
    *("Q1", "2004", "04/05", "2002-03", "Apr", "June", "to", "year", "as at", "3 yrs", "P1Y", "13th", "31"),
    *(
        "k",
        "m",
        "bn",
        "per 1,000",
        "days",
        "E+05",
        "CR",
        "c.",
        "approx",
        "GBP",
        "none",
        "per cent",
        "½",
        "²",
        "٣",
    ),
    *(
        "(p)",
        "[r]",
        "n/a",
        "TBC",
        "Amber",
        "Green",
        "A/G",
        "🟢",
        "9999",
        "0000-00-00",
        "{typed}",
        "\\",
        "x" * 70,
    ),
]


def _answers(kind, raw, number_format=None, unit=None, year_kind="financial"):
    choices = ("on track", "AG")
    found = parse(kind, raw, number_format=number_format, unit=unit, choices=choices, year_kind=year_kind)
    assert found.status in STATUSES
    if found.problem is not None:
        assert (found.value, found.status, found.remark) == (None, None, None)
        assert found.problem.endswith((".", "?"))
    if found.value is None:
        assert found.remark is None
        assert found.problem or found.status or not as_typed(raw).translate({0x200B: None}).strip(" \u00a0\n")
    expected = {"count": int, "date": date, "period": Period}.get(kind, float if kind in NUMERIC else str)
    assert found.value is None or type(found.value) is expected
    assert not isinstance(found.value, float) or math.isfinite(found.value)


@pytest.mark.parametrize("kind", KINDS)
def test_parse_answers_whatever_text_it_is_given(kind):
    seeded = random.Random(f"text {kind}")
    for _ in range(1500):
        raw = "".join(seeded.choices(_PIECES, k=seeded.randint(1, 7)))
        raw = raw if seeded.random() < 0.5 else " ".join(seeded.choices(_PIECES, k=seeded.randint(1, 5)))
        unit = seeded.choice([None, "%", "per 1,000 people", "GBP", "percentage points"])
        _answers(
            kind, raw, unit=unit, year_kind=seeded.choice(["financial", "academic", "calendar", "monthly"])
        )


@pytest.mark.parametrize("kind", KINDS)
def test_parse_answers_whatever_characters_it_is_given(kind):
    seeded = random.Random(f"characters {kind}")
    for _ in range(300):
        _answers(kind, "".join(chr(seeded.randrange(0x110000)) for _ in range(seeded.randint(1, 12))))
        _answers(kind, "".join(chr(seeded.randrange(32, 0x250)) for _ in range(seeded.randint(1, 300))))


@pytest.mark.parametrize("kind", KINDS)
def test_parse_answers_whatever_number_or_date_it_is_given(kind):
    seeded = random.Random(f"numbers {kind}")
    formats = [None, "0%", "0.00", "mmm-yy", "dd/mm/yyyy", "d-mmm", '0" days"', "[Red]-0%", "\\"]
    edges = [
        0.0,
        -0.0,
        math.nan,
        math.inf,
        -math.inf,
        5e-324,
        1.8e308,
        10**300,
        date.min,
        date.max,
        datetime.max,
        time(),
    ]
    for _ in range(300):
        numbers = [seeded.uniform(-1, 1), seeded.uniform(-1e6, 1e6), seeded.randint(-(10**6), 10**6)]
        day = date.fromordinal(seeded.randint(1, date.max.toordinal()))
        for raw in [*numbers, day, seeded.choice(edges), seeded.random() < 0.5]:
            _answers(kind, raw, number_format=seeded.choice(formats), unit=seeded.choice([None, "%"]))
