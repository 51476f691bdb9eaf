"""The eleven types of target: what each is judged by, and the figure it asks for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.measures.target_types import (
    TYPES,
    course,
    gap,
    improvement_pct,
    level,
    narrowing,
    relative_gap,
    value_at_gap,
)

NAN = float("nan")
HB, LB = "higher is better", "lower is better"


def asked(kind, polarity, **given_):
    """A, B, G and d of one target."""
    return pytest.approx([float(x) for x in course(kind, polarity, **given_)], nan_ok=True)


def test_there_are_eleven():
    assert len(set(TYPES)) == 11


@pytest.mark.parametrize(
    ("kind", "polarity", "baseline", "stated_value", "stated_change", "goal"),
    [
        ("ABS_THRESHOLD", HB, 32.0, 38.0, None, 38.0),
        ("ABS_THRESHOLD", HB, None, 38.0, None, 38.0),  # a threshold needs no baseline
        ("ABS_THRESHOLD", LB, 45.0, 30.0, None, 30.0),
        ("UNIT_FLOOR", HB, 6, None, None, 0),  # no school below the floor, whatever is better in a school
        ("UNIT_FLOOR", LB, 6, 1, None, 1),
        ("UNIT_SHARE_CUT", HB, 20, None, 40, 12),
        ("UNIT_SHARE_CUT", LB, 20, 12, None, 12),
        ("PCT_REDUCTION", LB, 192.2, None, 40.0, 115.32),  # H3 circulatory: printed as 115.3
        ("PCT_REDUCTION", LB, 183.5, None, 20.0, 146.8),  # H3 cancer
        ("PCT_REDUCTION", LB, 61.5, None, 50.0, 30.75),  # H4, national: printed as 30.8
        ("PCT_REDUCTION", LB, 61.5, None, 60.0, 24.6),  # H4, Salford's own plan
        ("PCT_REDUCTION", LB, 61.5, 30.8, None, 30.8),  # as a plan states it: the value to reach
        ("PP_CHANGE", HB, 67.0, None, 9.0, 76.0),  # "nine per cent improvement" meant points
        ("PP_CHANGE", LB, 9.0, None, 2.0, 7.0),
        ("PP_CHANGE", "neither", 9.0, None, 2.0, NAN),  # which way is up?
        ("PP_CHANGE", HB, None, None, 9.0, NAN),
        ("PCT_REDUCTION", LB, 61.5, None, None, NAN),
        ("DIRECTIONAL", HB, 66.4, None, None, 66.4),
        ("COMPOSITE", HB, 5.9, 5, 10.0, NAN),
        ("BEST_GUESS", HB, 5.9, 5, 10.0, NAN),
        (None, LB, 5.9, 5, 10.0, NAN),
    ],
)
def test_goal_by_type(kind, polarity, baseline, stated_value, stated_change, goal):
    """domain.md 1.1 (rules) and 1.2 (H3 and H4 recompute from their baselines)."""
    found = course(
        kind,
        polarity,
        value=50,
        baseline_value=baseline,
        stated_value=stated_value,
        stated_change=stated_change,
    )
    assert found.goal == pytest.approx(goal, nan_ok=True)


def test_units_below_a_floor_are_better_the_fewer_whatever_the_polarity_of_the_results():
    assert course("UNIT_FLOOR", HB, value=3, baseline_value=6).direction == -1


def test_methods_c8_life_expectancy_rose_and_the_gap_widened():
    """methods.md C8: E/L 74.6/72.0 then 76.2/73.5; 10% off the gap. The gap went from 3.4853% to 3.5433%."""
    then, now = relative_gap(72.0, 74.6, HB), relative_gap(73.5, 76.2, HB)
    assert (round(float(then), 4), round(float(now), 4)) == (3.4853, 3.5433)
    found = course(
        "GAP_REL", HB, value=73.5, baseline_value=72.0, stated_change=10, comparator_value=76.2,
        comparator_baseline=74.6,
    )  # fmt: skip
    assert round(float(found.goal), 4) == 3.1367
    assert found.direction == -1
    assert round(float(narrowing(found.value, found.baseline, found.goal)) * 100, 1) == -16.7
    assert round(float(value_at_gap(76.2, found.goal, HB)), 4) == 73.8098
    assert round(float(level("GAP_REL", HB, found.goal, comparator_value=76.2)), 4) == 73.8098


def test_gap_where_lower_is_better():
    """domain.md 1.1: infant mortality of 5.9 against 4.9: 20.4% from the printed rates, 19% as published."""
    assert round(float(relative_gap(5.9, 4.9, LB)), 1) == 20.4
    assert gap(5.9, 4.9, LB) == pytest.approx(1.0)
    assert gap(4.0, 4.9, LB) == pytest.approx(-0.9)  # ahead


@pytest.mark.parametrize(("stated", "goal"), [({"stated_value": 12}, 12), ({"stated_change": 4}, 12)])
def test_absolute_gap_by_its_goal_or_by_its_narrowing(stated, goal):
    """domain.md E5: the gap between children of the poorest areas and the rest, from 16 to 12 points."""
    found = asked(
        "GAP_ABS", HB, value=40, baseline_value=36, comparator_value=54, comparator_baseline=52, **stated
    )
    assert [14, 16, goal, -1] == found


def test_at_most_three_times_the_comparator():
    found = asked("MAX_MULTIPLE", LB, value=60, baseline_value=88, stated_value=3, comparator_value=18.75,
                  comparator_baseline=22)  # fmt: skip
    assert found == [3.2, 4, 3, -1]
    assert level("MAX_MULTIPLE", LB, 3, comparator_value=18.75) == 56.25


def test_faster_than_compares_improvements_in_per_cent():
    """domain.md T2: 19% in the districts of the fund against 15% in England."""
    found = asked(
        "FASTER_THAN", LB, value=81, baseline_value=100, comparator_value=850, comparator_baseline=1000
    )
    assert found == [19, 0, 15, 1]
    assert improvement_pct(81, 100, LB) == pytest.approx(19)
    assert level("FASTER_THAN", LB, 15, baseline_value=100) == pytest.approx(85)


@pytest.mark.parametrize("kind", ["GAP_REL", "GAP_ABS", "MAX_MULTIPLE", "FASTER_THAN"])
def test_without_the_other_place_nothing_is_judged(kind):
    found = course(kind, LB, value=81, baseline_value=100, stated_change=10)
    assert np.isnan(found.value) or np.isnan(found.goal)


def test_a_frame_is_worked_out_row_by_row():
    found = course(
        ["ABS_THRESHOLD", "PCT_REDUCTION", "PP_CHANGE", "GAP_ABS"],
        [HB, LB, LB, HB],
        value=[36, 53.8, 8, 70],
        baseline_value=[32.0, 61.5, 9.0, 66],
        stated_value=[38, None, None, None],
        stated_change=[None, 50.0, 2.0, 1],
        comparator_value=[None, 42.8, None, 76],
        comparator_baseline=[None, 46.6, None, 74],
    )
    assert found.goal.tolist() == [38.0, 30.75, 7.0, 7.0]
    assert found.value.tolist() == [36, 53.8, 8, 6]


FIGURE = st.floats(1, 200)


@settings(max_examples=300, deadline=None)
@given(FIGURE, FIGURE, st.sampled_from([HB, LB]))
def test_property_a_gap_is_above_zero_exactly_when_behind(here, there, polarity):
    is_behind = here < there if polarity == HB else here > there
    for kind in (gap, relative_gap):
        assert (float(kind(here, there, polarity)) > 0) == is_behind
    assert float(relative_gap(here, here, polarity)) == 0


@settings(max_examples=300, deadline=None)
@given(FIGURE, FIGURE, FIGURE, FIGURE, st.floats(0.1, 90), st.sampled_from([HB, LB]))
def test_property_a_wider_gap_is_never_an_improvement(here, there, here_then, there_then, cut, polarity):
    for kind in ("GAP_REL", "GAP_ABS"):
        found = course(
            kind, polarity, value=here, baseline_value=here_then, stated_change=cut, comparator_value=there,
            comparator_baseline=there_then,
        )  # fmt: skip
        better = float(found.direction * (found.value - found.baseline))
        assert (better > 0) == (float(found.value) < float(found.baseline))
        # back to a level: the value that has this gap is the value
        assert float(level(kind, polarity, found.value, comparator_value=there)) == pytest.approx(here)
