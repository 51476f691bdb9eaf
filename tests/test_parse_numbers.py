"""Figures: what a cell holds, and the value, status, remark or problem it gives."""

from datetime import date, datetime, time

import pytest

from pipelines.parse import parse


def read(kind, raw, **column):
    """(value, status), and 'asks' if there is a remark or 'refused' if there is a problem."""
    parsed = parse(kind, raw, **column)
    if parsed.problem:
        assert (parsed.value, parsed.status, parsed.remark) == (None, None, None)
        return "refused"
    return (parsed.value, parsed.status, "asks") if parsed.remark else (parsed.value, parsed.status)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (9308, (9308.0, None)),
        (-2500.0, (-2500.0, None)),
        (0, (0.0, None)),
        (0.38, (0.38, None)),
        ("1,289", (1289.0, None)),
        ("£1,200.50", (1200.5, None)),
        ("1200 GBP", (1200.0, None)),
        ("GBP 1200", (1200.0, None)),
        ("£1.2m", (1_200_000.0, None)),
        ("1.2 Million", (1_200_000.0, None)),
        ("1,200k", (1_200_000.0, None)),
        ("£2bn", (2_000_000_000.0, None)),
        ("3 thousand", (3000.0, None)),
        ("9,308 (£000s)", (9_308_000.0, None)),
        ("£ 1 200", (1200.0, None)),
        ("£\u00a01\u00a0200\u00a0", (1200.0, None)),
        ("£1\u202f200", (1200.0, None)),
        ("(3,400)", (-3400.0, None)),
        ("(£3,400)", (-3400.0, None)),
        ("£(3,400)", (-3400.0, None)),
        ("-£3,400", (-3400.0, None)),
        ("£-3,400", (-3400.0, None)),
        ("3,400-", (-3400.0, None)),
        ("−3,400", (-3400.0, None)),
        ("– 3,400", (-3400.0, None)),
        ("2,500 CR", (-2500.0, None)),
        ("2,500 DR", (2500.0, None)),
        ("+3,000", (3000.0, None)),
        ("(0)", (0.0, None)),
        ("£1.2 mill", (1_200_000.0, None)),
        ("12 hundred", (1200.0, None)),
        ("£1½m", (1_500_000.0, None)),
        ("£12 000.50", (12_000.5, None)),
        ("two hundred pounds", (200.0, None, "asks")),
        ("One thousand two hundred and six", (1206.0, None, "asks")),
        ("half a million", (500_000.0, None, "asks")),
        ("a hundred and five", (105.0, None, "asks")),
        ("1.200.000", (1_200_000.0, None, "asks")),
        ("12.000", "refused"),
        ("£12.500", "refused"),
        ("£12.500m", (12_500_000.0, None)),
        (12.5, (12.5, None)),
        ("£ -", "refused"),
        ("two to three hundred", "refused"),
        ("two or three", "refused"),
        ("nine one", "refused"),
        ("TBC - awaiting invoices", (None, "x")),
        ("TBC (12,000)", "refused"),
        ("n/k", (None, "x")),
        ("#REF!", "refused"),
        ("#####", "refused"),
        ("'38.0", (38.0, None)),
        ("900.", (900.0, None)),
        ("1.2E+05", (120_000.0, None)),
        ("TBC", (None, "x")),
        ("*", (None, "c")),
        ("-1", (-1.0, None)),
        ("12,50", (12.5, None, "asks")),
        ("1.289,50", (1289.5, None, "asks")),
        ("about £900", (900.0, "e", "asks")),
        ("£1,200 per week", (1200.0, None, "asks")),
        ("54.9p", "refused"),
        ("€400", "refused"),
        ("£400 or $600", "refused"),
        ("38%", "refused"),
        ("<5", "refused"),
        ("£1m-£2m", "refused"),
        ("-(3,400)", "refused"),
        ("1,2,3", "refused"),
        ("£", "refused"),
        ("none", "refused"),
    ],
)
def test_money(raw, expected):
    assert read("money", raw, unit="GBP") == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (1289.0, (1289, None)),
        (1289.0000000001, (1289, None)),
        ("1 289", (1289, None)),
        ("238(r)", (238, "r")),
        ("0 [low]", (0, "low")),
        ("[low]", (None, "low")),
        ("[u]", (None, "u")),
        ("1.2k", (1200, None)),
        ("1.2m", (1_200_000, None, "asks")),
        ("65 people", (65, None, "asks")),
        ("1,289*", (1289, None, "asks")),
        ("1,289 [note 3]", (1289, None, "asks")),
        ("54²", (54, None, "asks")),
        (12.5, "refused"),
        ("12.5", "refused"),
        (-1, "refused"),
        ("£900", "refused"),
        ("38%", "refused"),
        ("10:30", "refused"),
        ("e", "refused"),
        ("٣", "refused"),
    ],
)
def test_count(raw, expected):
    assert read("count", raw) == expected


@pytest.mark.parametrize(
    "typed",
    ["three quarters", "3 quarters", "Two thirds", "two-thirds of schools", "one third", "nine tenths"],
)
def test_a_fraction_in_words_is_no_figure(typed):
    read_as = parse("measure", typed, unit="%")
    assert (read_as.value, "is a fraction, and a percentage was expected" in read_as.problem) == (None, True)
    assert read("count", typed) == "refused"


@pytest.mark.parametrize(
    "typed",
    [
        "nine out of ten",
        "9 out of ten",
        "nine out of 10",
        "one in four",
        "1 in every four",
        "nine of the ten",
    ],
)
def test_a_share_in_words_is_no_figure(typed):
    assert read("measure", typed, unit="%") == read("count", typed) == "refused"


def test_words_behind_a_number_in_words_that_make_no_share_of_it():
    assert read("count", "nine in total") == read("count", "nine of them") == (9, None, "asks")
    assert read("measure", "three quarters", unit="quarters") == (3, None, "asks")


@pytest.mark.parametrize("unit", ["minutes", "months", "Miles of cycle way", "square metres"])
def test_m_is_no_million_where_the_unit_may_be_short_for_it(unit):
    assert (
        read("measure", "6m", unit=unit) == read("measure", 12, unit=unit, number_format='0"m"') == "refused"
    )
    assert "'6m' could be in millions or in " + unit in parse("measure", "6m", unit=unit).problem
    assert (
        "12m, which the cell shows, could be in millions"
        in parse("measure", 12, unit=unit, number_format='0"m"').problem
    )
    # the commas of the format say that it stands for millions
    assert read("measure", 9_308_000, unit=unit, number_format='0.0,,"m"') == (9_308_000, None)
    assert read("measure", "6 million", unit=unit) == (6_000_000, None)


@pytest.mark.parametrize("number_format", [r"0.0\ \k\m", "0.0_m", '0" mm"'])
def test_an_m_of_the_number_format_that_is_no_scale(number_format):
    assert read("measure", 12, unit="km", number_format=number_format) == (12, None)


def test_a_dozen_is_no_unit():
    assert read("count", "2 dozen") == read("count", "two dozen people") == "refused"


def test_m_is_a_million_elsewhere():
    assert read("measure", "6m", unit="visits") == (6_000_000, None, "asks")
    assert read("measure", 12, unit="kilometres", number_format='0"m"') == (12_000_000, None, "asks")


def test_a_count_is_an_int_and_other_figures_are_floats():
    assert type(parse("count", 1289.0).value) is int
    assert [type(parse(kind, 1289).value) for kind in ("number", "money", "percent", "measure")] == [
        float
    ] * 4


@pytest.mark.parametrize(
    ("raw", "number_format", "expected"),
    [
        ("38%", None, (38.0, None)),
        ("38 per cent", None, (38.0, None)),
        ("0.38%", None, (0.38, None)),
        ("38% (p)", None, (38.0, "p")),
        ("38%p", None, (38.0, "p")),
        ("93.1", None, (93.1, None)),
        (38, None, (38.0, None)),
        (38, "0", (38.0, None)),
        (0, None, (0.0, None)),
        (0.38, "0%", (38.0, None)),
        (0.07, "0.0%", (7.0, None)),
        (1.4, "0%", (140.0, None)),
        (38, '0"%"', (38.0, None)),
        (0.38, r"0.00\%", (0.38, None)),
        (38, "0%", (3800.0, None, "asks")),
        (0.38, None, "refused"),
        (0.38, "0.00", "refused"),
        ("0.38", None, "refused"),
        ("0.38", "0%", "refused"),
        (1, None, "refused"),
        ("65 100", None, "refused"),
        ("£38", None, "refused"),
        ("38k", None, "refused"),
    ],
)
def test_percent(raw, number_format, expected):
    assert read("percent", raw, unit="%", number_format=number_format) == expected
    assert read("measure", raw, unit="%", number_format=number_format) == expected


@pytest.mark.parametrize(
    ("unit", "raw", "expected"),
    [
        ("days", "65 days", (65.0, None)),
        ("days", "65 day", (65.0, None)),
        ("days", "65 hours", "refused"),
        ("per 1,000 women aged 15-17", "54 per 1,000", (54.0, None)),
        ("per 100,000", "11.4/100000", (11.4, None)),
        ("per 100,000", "11.4/1000000", "refused"),
        ("per 100,000", "38%", "refused"),
        (None, "54 per 1,000", (54.0, None, "asks")),
        ("percentage points", "4 points", (4.0, None)),
        ("percentage points", "4 %pts", (4.0, None)),
        ("percentage points", "4%", "refused"),
        ("£ per head", "£1,200", (1200.0, None)),
        ("years", "72.0 [p]", (72.0, "p")),
        ("years", "38 or so", (38.0, "e", "asks")),
        ("years", "4. Completed", "refused"),
        ("years", "38 but rising", "refused"),
        ("years", "1A", "refused"),
        ("years", "51)", "refused"),
        ("years", "25-", "refused"),
        ("years", "65 (years)", (65.0, None)),
        ("per 100,000", "38/100", "refused"),
    ],
)
def test_measure(unit, raw, expected):
    assert read("measure", raw, unit=unit) == expected


def test_a_percentage_cell_in_a_column_of_another_unit_is_refused():
    assert read("measure", 0.38, unit="per 100,000", number_format="0%") == "refused"


@pytest.mark.parametrize("kind", ["number", "count", "money", "percent", "measure"])
@pytest.mark.parametrize(
    "raw",
    [
        True,
        float("nan"),
        float("inf"),
        10**18,
        "9" * 400,
        date(2004, 7, 1),
        datetime(2004, 7, 1),
        time(10, 30),
        "on",
    ],
)
def test_what_is_no_figure_is_refused_in_every_numeric_column(kind, raw):
    assert read(kind, raw) == "refused"


@pytest.mark.parametrize(
    ("kind", "raw", "sentence"),
    [
        (
            "percent",
            "on target",
            "You entered 'on target' instead of a percentage. "
            "Type the figure alone, for example 38%, or n/a if there is none.",
        ),
        (
            "percent",
            0.38,
            "We can't tell whether 0.38 means 0.38% or 38%. Type it with the sign, for example 38%.",
        ),
        (
            "count",
            "none",
            "We can't tell whether 'none' means 0 or that the figure is not known. "
            "Type 0 if there were none, or n/a if it is not known.",
        ),
        (
            "money",
            "£10-£20",
            "'£10-£20' is a range, and one figure was expected. "
            "Type the figure itself, for example 12,500, or * if it must not be shown.",
        ),
    ],
)
def test_a_problem_says_what_was_found_what_was_expected_and_what_to_do(kind, raw, sentence):
    assert parse(kind, raw).problem == sentence


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3lO", "310"),
        ("31O", "310"),
        ("£l2,5OO", "12,500"),
        ("O.5", "0.5"),
        ("1S0 homes", "150"),
        ("(2I)", "21"),
    ],
)
def test_letters_that_look_like_digits_are_asked_about_and_are_no_unit(typed, meant):
    found = parse("money", typed)
    assert found.value is None
    assert f"'{typed}' looks like letters instead of digits: {meant}?" in found.problem


@pytest.mark.parametrize(("typed", "value"), [("310 litres", 310), ("12 Oct", 12), ("4 observations", 4)])
def test_a_letter_of_a_word_is_no_digit(typed, value):
    assert parse("number", typed).value == value


def test_a_remark_says_how_the_cell_was_read():
    assert parse("measure", "31.02 working days", unit="days").remark == (
        "We read '31.02 working days' as 31.02, without 'working days'. Please confirm."
    )
