"""The measure of targets at a quarter: each type from its series to rating, outlook and sentence."""

import datetime as dt

import duckdb
import pandas as pd
import pytest
from sample_files import ROOT

from pipelines.measures.target_quarters import measure

HB, LB = "higher is better", "lower is better"
CUT_OFF = dt.date(2004, 7, 14)
FRAMEWORK = {
    "settings": pd.DataFrame({"setting_id": ["early_share", "stale_above"], "value": ["0.1", "1"]}),
    "rating_scale": pd.DataFrame(
        {
            "rating": ["G", "AG", "AR", "R"],
            "word": ["Green", "Amber/Green", "Amber/Red", "Red"],
            "rank": [1, 2, 3, 4],
            "lowest_on_course": [1, 0.8, 0.6, None],
            "lowest_chance": [0.75, 0.5, 0.25, None],
            "chance_word": ["highly likely", "probable", "in doubt", "unlikely"],
        }
    ),
}


def target(target_id="it", **changes):
    """A yearly target, a day short of half way from 2000 to 2006, with a value for each year from 1999 on."""
    years = range(1999, 2004)
    row = {
        "row_id": f"2004-05-Q1|{target_id}",
        "quarter": "2004-05-Q1",
        "target_id": target_id,
        "cut_off_on": CUT_OFF,
        "target_type": "ABS_THRESHOLD",
        "polarity": HB,
        "baseline_value": 40.0,
        "comparator_baseline": None,
        "milestone_days": None,
        "milestone_values": None,
        "baseline_on": dt.date(2000, 12, 31),
        "due_on": dt.date(2006, 12, 31),
        "target_period_label": "2006",
        "stated_value": None,
        "stated_change": None,
        "trajectory": None,
        "composite_id": None,
        "frequency_months": 12,
        "release_lag_months": 6,
        "latest_on": dt.date(2003, 12, 31),
        "latest_value": 45.0,
        "latest_lower": None,
        "latest_upper": None,
        "comparator_title": None,
        "comparator_value": None,
        "break_on": None,
        "break_reason": None,
        "is_baseline_broken": False,
        "history_starts": [dt.date(year, 1, 1) for year in years],
        "history_ends": [dt.date(year, 12, 31) for year in years],
        "history_values": [39.0, 40.0, 41.5, 43.0, 45.0],
        "history_comparators": [None] * 5,
    }
    return row | {"row_id": f"2004-05-Q1|{target_id}"} | changes


def measured(*rows):
    return measure(pd.DataFrame(rows), FRAMEWORK)


def one(**changes):
    return measured(target(**changes)).iloc[0]


THERE = {"comparator_title": "England", "comparator_baseline": 50.0, "comparator_value": 52.0}


@pytest.mark.parametrize(
    ("changes", "position", "start"),
    [
        ({"stated_value": 50.0}, "G", "At 45.000 against 44.998 needed on the trajectory by 31 Dec 2003: level with"),
        ({"target_type": "UNIT_FLOOR", "latest_value": 20.0}, "G", "At 20.00 against 20.01 needed"),
        ({"target_type": "UNIT_SHARE_CUT", "stated_change": 50.0, "latest_value": 32.0}, "AG", "At 32 against 30"),
        ({"target_type": "PCT_REDUCTION", "polarity": LB, "stated_change": 50, "latest_value": 33}, "AR", "At 33"),
        ({"target_type": "PP_CHANGE", "stated_change": 20.0}, "R", "At 45 against 50 needed"),
        ({"target_type": "GAP_REL", "stated_change": 10.0, **THERE}, "G", "Gap to England in %: target met"),
        ({"target_type": "GAP_ABS", "stated_change": 5.0, "latest_value": 43.0, **THERE}, "R", "(10 in the baseline)"),
        ({"target_type": "MAX_MULTIPLE", "polarity": LB, "stated_value": 0.7, **THERE}, "R", "As a multiple of"),
        ({"target_type": "FASTER_THAN", **THERE}, "G", "Improved by 12.5% since the baseline, against 4% there"),
        ({"target_type": "DIRECTIONAL", "latest_lower": 43.0, "latest_upper": 47.0}, "G", "At 45 (43.0 to 47.0)"),
        ({"target_type": "DIRECTIONAL", "latest_lower": 39.0, "latest_upper": 51.0}, None, "Not rated: at 45 (39.0"),
    ],
)  # fmt: skip
def test_every_type_is_judged(changes, position, start):
    found = one(**changes)
    assert found["position"] == position if position else pd.isna(found["position"])
    sentence = found["reason"]
    assert start in sentence
    assert "not built" not in sentence


@pytest.mark.parametrize("kind", ["GAP_REL", "GAP_ABS", "MAX_MULTIPLE", "FASTER_THAN"])
def test_without_the_other_places_value_it_says_so(kind):
    found = one(target_type=kind, stated_value=3.0, comparator_title="England", comparator_baseline=50.0)
    assert pd.isna(found["overall"])
    assert found["reason"] == "Not rated: no value of England for the same period."
    if kind == "FASTER_THAN":
        then = one(target_type=kind, comparator_title="England", comparator_value=50.0)
        assert then["reason"] == "Not rated: no value of England for the baseline period."


def test_level_and_gap_are_both_there():
    """72 here and 74.6 there, then 73.5 and 76.2: the level rose, the gap widened (methods.md C8)."""
    found = one(
        target_type="GAP_REL", stated_change=10.0, baseline_value=72.0, latest_value=73.5,
        comparator_title="England", comparator_baseline=74.6, comparator_value=76.2,
    )  # fmt: skip
    assert round(found["judged_value"], 4) == round(found["gap_pct"], 4) == 3.5433
    assert round(found["target_value"], 4) == 73.8098
    assert found["position"] == "R"
    assert round(found["progress"], 3) == -0.167
    assert "Gap to England in %: at 3.54 against" in found["reason"]
    assert "worse than the baseline of 3.49" in found["reason"]


def test_the_outlook_stands_beside_the_position_and_the_worse_is_shown():
    found = one(stated_value=48.0)
    assert (found["position"], found["outlook"], found["overall"]) == ("G", "AG", "AG")
    assert pd.isna(found["overall_mark"])
    assert found["outlook_points"] == 5
    assert found["outlook_low"] <= found["outlook_chance"] <= found["outlook_high"]
    assert (
        "Outlook for 2006: probable, as the middle of the methods lies at 50% to 75%; one by one "
        in found["reason"]
    )
    assert found["reason"].endswith("The worse of the two is shown.")


def test_rolling_values_that_share_years_are_too_few():
    starts = [dt.date(year - 2, 1, 1) for year in range(1999, 2004)]
    found = one(stated_value=60.0, history_starts=starts)
    assert found["outlook_points"] == 2
    assert (found["overall"], found["overall_mark"]) == ("R", "u")
    assert found["reason"].endswith("No outlook: 2 values whose periods don't overlap, and 5 are needed.")


def test_once_due_there_is_no_outlook_and_none_is_missed():
    found = one(stated_value=60.0, due_on=dt.date(2003, 12, 31))
    assert (found["position"], found["overall"]) == ("R", "R")
    assert pd.isna(found["outlook"])
    assert pd.isna(found["overall_mark"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"cut_off_on": dt.date(2006, 1, 14)}, "Not rated: the value is too old to judge by."),
        ({"latest_value": None, "latest_on": None}, "Not rated: no value."),
        (
            {"is_baseline_broken": True, "break_on": dt.date(2002, 4, 1), "break_reason": "new rules"},
            "Not rated: counted anew from 1 Apr 2002 (new rules), so the value can't be compared with the baseline.",
        ),
        (  # as in public
            {"is_baseline_broken": True, "break_on": dt.date(2002, 4, 1), "break_reason": None},
            "Not rated: counted anew from 1 Apr 2002, so the value can't be compared with the baseline.",
        ),
    ],
)
def test_what_is_stale_missing_or_broken_has_neither_position_nor_outlook(changes, reason):
    """The value has met its target, and still none of these is green (methods.md C7)."""
    found = one(stated_value=45.0, **changes)
    assert found[["position", "outlook", "overall"]].isna().all()
    assert found["overall_mark"] == "x"
    assert found["reason"] == reason


def test_milestones_are_the_frameworks():
    found = one(
        stated_value=50.0, trajectory="milestones",
        milestone_days=[dt.date(2003, 12, 31)], milestone_values=[47.0],
    )  # fmt: skip
    assert found["trajectory_value"] == 47.0
    assert found["position"] == "AR"  # 5 of 7


@pytest.mark.parametrize(
    ("female", "position", "says"),
    [
        ({"stated_value": 50.0}, "G", "All 2 elements must be met; 2 can be rated, and the worst counts."),
        ({"stated_value": 60.0}, "R", "All 2 elements must be met; 2 can be rated, and the worst counts."),
        ({"latest_value": None}, None, "Not rated: all 2 elements must be met; 1 can be rated."),
    ],
)
def test_a_composite_is_as_good_as_the_worst_of_its_elements(female, position, says):
    """Life expectancy, male and female (domain.md 1.1): one that can't be rated is not taken for passed."""
    whole = target("H1", target_type="COMPOSITE", baseline_value=None, latest_value=None, latest_on=None,
                   history_starts=None, history_ends=None, history_values=None, history_comparators=None)  # fmt: skip
    male = target("H1_male", composite_id="H1", stated_value=50.0)
    rows = measured(
        whole, male, target("H1_female", **({"composite_id": "H1", "stated_value": 50.0} | female))
    )
    found = rows.iloc[0]
    assert found["position"] == position if position else pd.isna(found["position"])
    assert found["reason"] == says


def test_a_composite_without_elements_says_so():
    found = one(target_type="COMPOSITE", latest_value=None, latest_on=None)
    assert found["reason"] == "Not rated: it has no elements in the framework."


def test_the_methods_are_the_frameworks_and_a_drawn_one_is_the_same_every_time():
    named = pd.DataFrame({"setting_id": ["outlook_methods"], "value": ["median slope; damped trend"]})
    framework = FRAMEWORK | {"settings": pd.concat([FRAMEWORK["settings"], named])}
    rows = pd.DataFrame([target(stated_value=48.0)])
    first, again = (measure(rows, framework).iloc[0] for _ in range(2))
    assert first["outlook_high"] == again["outlook_high"]
    assert first["outlook_high"] != measure(rows, FRAMEWORK).iloc[0]["outlook_high"]


def test_a_framework_without_a_scale_of_chances_has_positions_alone():
    scale = FRAMEWORK["rating_scale"].assign(lowest_chance=None, chance_word=None)
    found = measure(pd.DataFrame([target(stated_value=60.0)]), FRAMEWORK | {"rating_scale": scale}).iloc[0]
    assert (found["overall"], found["overall_mark"]) == ("R", "u")
    assert "No outlook: the framework has no scale of chances" in found["reason"]


def test_a_quarter_without_targets_is_empty():
    assert measure(pd.DataFrame([target()]).iloc[:0], FRAMEWORK).empty


def test_a_release_is_due_a_frequency_and_a_lag_later():
    assert str(one(stated_value=50.0)["next_release_on"])[:10] == "2005-06-30"


# Which definition holds


def test_a_revised_target_leaves_an_older_quarter_its_own():
    """A baseline and a target revised in May 2004 hold from the quarter whose cut-off comes after, not before."""
    with duckdb.connect() as connection:
        connection.execute(
            "create schema staging; create schema framework; "
            "create table framework.targets as from (values ('it', 61.5, 50, date '2003-04-01'), "
            "('it', 61.6, 60, date '2004-05-01')) as given(target_id, baseline_value, target_change, since); "
            "create table staging.horizons as from (values ('2003-04-Q4', date '2004-04-14'), "
            "('2004-05-Q1', date '2004-07-14'), ('latest', date '9999-12-31')) as given(quarter, cut_off_on)"
        )
        query = (ROOT / "sql" / "staging" / "targets_in_force.sql").read_text(encoding="utf-8")
        found = connection.execute(
            f"select quarter, baseline_value, target_change from ({query}) order by quarter"
        ).fetchall()
    assert [(quarter, float(baseline), change) for quarter, baseline, change in found] == [
        ("2003-04-Q4", 61.5, 50),
        ("2004-05-Q1", 61.6, 60),
        ("latest", 61.6, 60),
    ]
