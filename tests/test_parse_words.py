"""Text, choices and ratings."""

from datetime import date

import pytest

from pipelines.parse import parse

STATUSES = ["not started", "on track", "slipping"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Marina Village ", "Marina Village"),
        ("Weaste\u00a0&\u00a0Seedley", "Weaste & Seedley"),
        ("two\r\nlines", "two\nlines"),
        ("a\ttab", "a tab"),
        ("bell\x07", "bell\ufffd"),
        ("half\ud83d", "half\ufffd"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("cafe\u0301", "café"),
        ("n/a", "n/a"),
        ("=1+1", "=1+1"),
        (38.0, "38"),
        (0.38, "0.38"),
        (date(2004, 7, 13), "2004-07-13"),
        (False, "FALSE"),
    ],
)
def test_text(raw, expected):
    assert parse("text", raw).value == expected


@pytest.mark.parametrize("raw", ["", "  ", "\u00a0", "\u200b", "\n"])
def test_text_that_is_only_space_is_blank(raw):
    parsed = parse("text", raw)
    assert (parsed.value, parsed.status, parsed.problem, parsed.remark) == (None, None, None, None)


@pytest.mark.parametrize("raw", ["on track", "On-Track", "ON  TRACK ", "on_track", "On\u00a0track."])
def test_a_choice_is_known_however_it_is_spelt(raw):
    assert parse("choice", raw, choices=STATUSES).value == "on track"


def test_a_choice_may_itself_look_like_a_missing_marker():
    assert parse("choice", "N/A", choices=["yes", "no", "n/a"]).value == "n/a"
    assert parse("choice", "N/A", choices=["yes", "no"]).status == "x"


def test_a_slip_of_a_letter_is_read_with_a_remark_where_it_can_mean_one_choice_only():
    read = parse("choice", "Cost Escalatiion", choices=["Cost escalation", "Delay"])
    assert (read.value, read.remark) == (
        "Cost escalation",
        "We read 'Cost Escalatiion' as 'Cost escalation'. Please confirm.",
    )
    assert parse("choice", "phase 3", choices=["phase 1", "phase 2"]).problem
    assert parse("choice", "slopping", choices=["slipping", "stopping"]).problem
    assert parse("choice", "unsatisfactory", choices=["satisfactory", "good"]).problem


def test_a_word_outside_the_list_is_refused_with_the_list_and_the_nearest():
    assert parse("choice", "sliped in", choices=STATUSES).problem == (
        "We found 'sliped in' where one of the listed choices was expected. "
        "Choose from: not started, on track, slipping. Did you mean slipping?"
    )
    assert parse("choice", 3, choices=STATUSES).problem == (
        "We found 3 where one of the listed choices was expected. "
        "Choose from: not started, on track, slipping."
    )


@pytest.mark.parametrize(
    ("code", "raws"),
    [
        ("G", ["G", "g", "Green", "GREEN ", "🟢", "● G"]),
        ("AG", ["AG", "A/G", "A-G", "Amber/Green", "Amber-Green", "amber green", "AmberGreen", "▲ AG"]),
        ("AR", ["AR", "A/R", "Amber/Red", "Amber and Red", "Yellow/Red", "◆ AR"]),
        ("R", ["R", "Red", "🔴", "■ R", "Red."]),
    ],
)
def test_ratings(code, raws):
    assert {raw: parse("rating", raw).value for raw in raws} == dict.fromkeys(raws, code)


def test_a_rating_the_wrong_way_round_is_read_and_asked_about():
    parsed = parse("rating", "Green/Amber")
    assert (parsed.value, parsed.remark) == ("AG", "We read 'Green/Amber' as Amber/Green. Please confirm.")


@pytest.mark.parametrize("raw", ["A", "Amber", "🟡"])
def test_amber_alone_is_refused_on_a_scale_that_divides_it(raw):
    assert parse("rating", raw).problem == (
        f"We found '{raw}', which the scale divides in two. Choose from: Green, Amber/Green, Amber/Red, Red."
    )


@pytest.mark.parametrize("raw", ["on target", "Blue", "RAG", "Greenish", "🟢🔴", 1, True, "Red or Green"])
def test_what_is_no_rating_is_refused(raw):
    parsed = parse("rating", raw)
    assert parsed.value is None
    assert parsed.problem


def test_the_scale_in_use_decides_what_is_a_rating():
    assert parse("rating", "Amber", choices=["G", "A", "R"]).value == "A"
    assert parse("rating", "A/G", choices=["G", "A", "R"]).problem == (
        "We found 'A/G' where a rating was expected. Choose from: Green, Amber, Red."
    )


def test_a_rating_may_be_missing():
    assert [parse("rating", raw).status for raw in ("n/a", "[x]", "Not applicable")] == ["x", "x", "z"]
