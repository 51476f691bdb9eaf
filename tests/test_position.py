"""Where a target stands today: progress, on-course ratio, rating and the sentence for it."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.measures.position import on_course, progress, rate, reward
from pipelines.measures.target_types import TYPES, direction

HB, LB = "higher is better", "lower is better"

NAN = float("nan")
SCALE = [("G", 1.0), ("AG", 0.8), ("AR", 0.6), ("R", None)]
EARLY = 0.1
BEFORE = (
    "Not rated: no trajectory on {}, as that is before the baseline or one of its two dates is not given."
)
GRADE = {"G": 3, "AG": 2, "AR": 1, "R": 0}


def judge(value, baseline, target, trajectory, *, polarity=HB, **changes):
    usual = {
        "on": "2002-12-31",
        "target_type": "ABS_THRESHOLD",
        "direction": direction(polarity),
        "is_stale": False,
        "scale": SCALE,
        "early_share": EARLY,
    }
    return rate(value, baseline, target, trajectory, **(usual | changes))


def test_methods_c6_rising():
    """methods.md C6: B 41.2, G 50, T 46.2125, A 44.0: progress .3182, r .5586."""
    assert round(progress(44.0, 41.2, 50), 4) == 0.3182
    assert round(on_course(44.0, 41.2, 46.2125), 4) == 0.5586
    found = judge(44.0, 41.2, 50, 46.2125, on="2003-08-31")
    assert found.rating == "R"
    assert found.reason == (
        "At 44 against 46.2 needed on the trajectory by 31 Aug 2003: 55.9% of the improvement needed by then."
    )


def test_methods_c6_and_c7_falling():
    """methods.md C6: 30.5 to 22.9, A 27.3, T 26.7: r .8421, progress .4211; C7: Amber/Green."""
    found = judge(27.3, 30.5, 22.9, 26.7, polarity=LB)
    assert round(found.progress, 4) == 0.4211
    assert round(found.on_course, 4) == 0.8421
    assert found.rating == "AG"
    assert found.reason.startswith("At 27.3 against 26.7 needed on the trajectory by 31 Dec 2002: 84.2% of")


@pytest.mark.parametrize(
    ("value", "rating"),
    [
        (46, "G"),  # r = 1.2
        (45, "G"),  # r = 1
        (44.99, "AG"),
        (44, "AG"),  # r = .8
        (43.99, "AR"),
        (43, "AR"),  # r = .6
        (42.99, "R"),
        (40, "R"),  # no improvement
        (35, "R"),  # worse than the baseline
    ],
)
def test_methods_c7_scale(value, rating):
    """methods.md C7: r ≥ 1 G; ≥ .8 AG; ≥ .6 AR; else R; here B 40, T 45, G 50."""
    assert judge(value, 40, 50, 45).rating == rating


def test_the_scale_is_the_frameworks_own():
    three_points = [("On target", 1), ("Near", 0.5), ("Not on target", float("nan"))]
    found = judge([45, 43, 42], 40, 50, 45, scale=three_points)
    assert found.rating.tolist() == ["On target", "Near", "Not on target"]


@pytest.mark.parametrize(
    "scale",
    [[], [("R", None), ("G", 1)], [("G", 1), ("R", 0.6)], [("G", 0.6), ("AG", 0.8), ("R", None)]],
    ids=["empty", "worst first", "worst with a limit", "out of order"],
)
def test_a_scale_with_holes_is_refused(scale):
    with pytest.raises(ValueError, match="from best to worst"):
        judge(45, 40, 50, 45, scale=scale)


@pytest.mark.parametrize(
    ("row", "rating", "verdict"),
    [
        ((53.8, 45, 60, 56.5), "AR", "At 53.8 against 56.5 {needed}: 76.5% {then}."),
        ((57, 45, 60, 56.5), "G", "At 57 against 56.5 {needed}: level with it or ahead."),
        ((44, 45, 60, 56.5), "R", "At 44 against 56.5 {needed}: worse than the baseline of 45."),
        ((1_234.5, 0, 2_000, 1_500), "AG", "At 1,234.5 against 1,500 {needed}: 82.3% {then}."),
        ((4.95, 4, 6, 5.3), "AR", "At 4.95 against 5.30 {needed}: 73.1% {then}."),
        # neither the value nor the percentage may be rounded up to what it falls short of
        ((49.997, 40, 60, 50), "AG", "At 49.997 against 50.000 {needed}: 99.9% {then}."),
    ],
)
def test_sentences_on_the_trajectory(row, rating, verdict):
    found = judge(*row)
    assert found.rating == rating
    assert found.reason == verdict.format(
        needed="needed on the trajectory by 31 Dec 2002", then="of the improvement needed by then"
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"target_type": "BEST_GUESS"},
            "Not rated: the framework's type of target, BEST_GUESS, is not known.",
        ),
        ({"target_type": None}, "Not rated: the framework's type of target, none, is not known."),
        ({"target_type": "COMPOSITE"}, "Not rated: it has no elements in the framework."),
        ({"barred": "Not rated: counted anew."}, "Not rated: counted anew."),
        ({"value": None}, "Not rated: no value."),
        ({"value": math.inf}, "Not rated: no value."),
        ({"is_stale": True}, "Not rated: the value is too old to judge by."),
        ({"is_stale": None}, "Not rated: the age of the value is not known."),
        ({"is_stale": pd.NA}, "Not rated: the age of the value is not known."),
        ({"polarity": "NONE"}, "Not rated: the framework does not say whether higher or lower is better."),
        ({"target": None}, "Not rated: no target value; what it states or its baseline is missing."),
        ({"trajectory": None}, BEFORE.format("31 Dec 2002")),
        ({"trajectory": None, "on": None}, BEFORE.format("its day")),
        (
            {"baseline": None, "trajectory": None, "value": 45},
            "Not rated: at 45 against 50, and no baseline to measure progress from.",
        ),
    ],
)
def test_no_rating_where_it_cannot_be_said(changes, reason):
    """The value has reached the target, and still these rows can't be green (methods.md C7)."""
    row = {"value": 51, "baseline": 40, "target": 50, "trajectory": 45} | changes
    found = judge(**row)
    assert found.rating is None
    assert found.reason == reason


@pytest.mark.parametrize(
    ("value", "baseline", "target", "trajectory", "polarity"),
    [
        (50, 40, 50, 45, HB),  # reached ahead of time
        (50, 40, 50, 50, HB),  # reached by the due date
        (51, 40, 50, 40.1, HB),  # reached when it would be too early to rate
        (22.9, 30.5, 22.9, 26.7, LB),
        (20, 30.5, 22.9, 30.4, LB),
        (51, None, 50, None, HB),  # no baseline is needed to see that a threshold is met
        (50, 50, 50, 50, HB),  # a level to hold, held
        (41, 40, 38, 39, HB),  # a floor that the baseline had passed, held
    ],
)
def test_a_target_reached_is_always_best(value, baseline, target, trajectory, polarity):
    found = judge(value, baseline, target, trajectory, polarity=polarity)
    assert found.rating == "G"
    assert found.reason == f"Target met: at {value} against {target}."


def test_a_target_met_to_the_last_decimal_is_not_missed_by_binary_fractions():
    target = 30.2 * (1 - 40 / 100)  # 18.119999999999997
    assert target < 18.12
    assert judge(18.12, 30.2, target, target, polarity=LB, target_type="PCT_REDUCTION").rating == "G"


def test_a_ratio_on_the_line_is_not_missed_by_binary_fractions():
    found = judge(40.4, 40.0, 41.0, 40.5)
    assert found.on_course < 0.8
    assert found.rating == "AG"
    assert found.reason.endswith(": 80.0% of the improvement needed by then.")


def test_a_floor_the_baseline_had_passed_is_held_or_lost():
    """E1 in domain.md 1.2: at least 38%. From 40 down to 36 is no progress, though (36-40)/(39-40) is 4."""
    assert on_course(36, 40, 39) == 4
    found = judge([41, 38, 36], 40, 38, 39)
    assert found.rating.tolist() == ["G", "G", "R"]
    assert found.reason[2] == "Target lost: at 36 against 38, which the baseline of 40 had met."
    assert np.isnan([found.progress, found.on_course]).all()
    below = judge([29, 31], 28, 30, 29, polarity=LB)  # the mirror image, a ceiling of 30
    assert below.rating.tolist() == ["G", "R"]


def test_a_threshold_that_the_baseline_just_met_is_a_floor_to_hold():
    found = judge([39, 38, 36], 38, 38, 38)
    assert found.rating.tolist() == ["G", "G", "R"]
    assert np.isnan([found.progress, found.on_course]).all()


def test_a_change_of_nothing_is_met_or_not_rated():
    found = judge([39, 38, 36], 38, 38, 38, target_type="PP_CHANGE")
    assert found.rating.tolist() == ["G", "G", None]
    assert found.reason[2] == "Not rated: at 36 against 38, which is also the baseline."
    assert np.isnan([found.progress, found.on_course]).all()


@pytest.mark.parametrize("value", [100, 105, 120])
def test_a_change_target_on_the_worse_side_of_its_baseline_is_not_rated(value):
    """A cut typed as -10%: 110 where lower is better. Reached or not, the framework has it wrong."""
    found = judge(value, 100, 110, 105, polarity=LB, target_type="PCT_REDUCTION")
    assert found.rating is None
    assert found.reason.startswith("Not rated: the target of 110 is worse than its baseline of 100; check")
    assert np.isnan([found.progress, found.on_course]).all()


@pytest.mark.parametrize(
    ("trajectory", "rating", "start"),
    [
        (40.0, None, "Too early to rate: none of the improvement was needed by 31 Dec 2002."),
        (40.99, None, "Too early to rate: 9.9% of the improvement was needed by 31 Dec 2002."),
        (41.0, "R", "At 40 against 41 needed"),  # 10% is no longer too early
    ],
)
def test_methods_c7_too_early_below_a_tenth_of_the_improvement(trajectory, rating, start):
    found = judge(40, 40, 50, trajectory)
    assert found.rating == rating
    assert found.reason.startswith(start)


def test_a_share_of_next_to_nothing_is_no_share():
    assert np.isnan(judge(42, 40, 50, 40.99).on_course)  # twice what was needed, which was nothing
    assert judge(42, 40, 50, 41.0).on_course == 2


@pytest.mark.parametrize(
    ("value", "needed", "start"),
    [
        (74, 77, "At 74 against 77 needed"),  # as tables show it
        (74, 76.6, "At 74 against 76.6 needed"),  # 4 of 6.6 is the 60.6% that follow, 4 of 7 is not
        (76, 76.4, "At 76.0 against 76.4 needed"),  # never equal to what it falls short of
    ],
)
def test_a_sentence_has_the_decimals_of_its_measure(value, needed, start):
    assert judge(value, 70, 80, needed, places=0).reason.startswith(start)


def test_how_early_is_too_early_is_the_frameworks_own():
    assert judge(40, 40, 50, 42, early_share=0.25).rating is None
    assert judge(40, 40, 50, 40.1, early_share=0).rating == "R"
    assert judge(40, 40, 50, 40, early_share=0).rating is None  # nothing needed, nothing to divide by


@pytest.mark.parametrize(
    ("value", "lower", "upper", "polarity", "rating"),
    [
        (38, 36.5, 39.5, HB, "R"),
        (38, 36.5, 40.0, HB, None),  # the interval holds the baseline
        (38, None, None, HB, None),  # no interval, no comparison (methods.md C3)
        (42, 40.5, 43.5, LB, "R"),
        (42, 39.5, 43.5, LB, None),
    ],
)
def test_methods_c7_early_but_significantly_worse_than_the_baseline(value, lower, upper, polarity, rating):
    target = 50 if polarity == HB else 30
    found = judge(value, 40, target, 40, polarity=polarity, lower=lower, upper=upper)
    assert found.rating == rating
    if rating:
        assert found.reason == f"At {value}, and its whole interval is worse than the baseline of 40."


def test_after_the_due_date_the_share_achieved_is_rated_and_the_miss_is_named():
    found = judge([48.5, 39], 40, 50, 50, on="2004-12-31")
    assert found.rating.tolist() == ["AG", "R"]
    assert found.reason.tolist() == [
        "Target missed: at 48.5 against 50 due by 31 Dec 2004: 85.0% of the improvement needed by then.",
        "Target missed: at 39 against 50 due by 31 Dec 2004: worse than the baseline of 40.",
    ]


def test_a_frame_is_rated_row_by_row_and_by_position():
    rows = [
        (45.0, 40, 50, 45, "2002-12-31", "ABS_THRESHOLD", HB, False),
        (None, 40, 50, 45, None, "ABS_THRESHOLD", HB, None),
        (27.3, 30.5, 22.9, 26.7, "2002-12-31", "PCT_REDUCTION", LB, False),
        (36.0, 5.9, None, None, "2002-12-31", "UNIT_SHARE_CUT", LB, False),
    ]
    names = ["value", "baseline", "target", "trajectory", "on", "target_type", "polarity", "is_stale"]
    frame = pd.DataFrame(rows, columns=names, index=[8, 6, 7, 5])
    frame["on"] = pd.to_datetime(frame["on"])
    found = judge(**{name: frame[name] for name in names})
    assert found.rating.tolist() == ["G", None, "AG", None]
    assert found.progress.tolist() == pytest.approx([0.5, NAN, 3.2 / 7.6, NAN], nan_ok=True)
    assert [len(column) for column in found] == [4, 4, 4, 4]


def test_no_rows_give_no_rows():
    assert [len(column) for column in judge([], [], [], [])] == [0, 0, 0, 0]


def test_methods_c6_the_reward_rule():
    """methods.md C6: at .55/.60/.83/1.2 of the improvement 0/.60/.83/1 of the reward."""
    assert reward([0.55, 0.6, 0.83, 1.2, NAN], threshold=0.6).tolist()[:4] == [0, 0.6, 0.83, 1]
    assert math.isnan(reward(NAN, threshold=0.6))


@pytest.mark.parametrize(
    ("value", "limits", "polarity", "rating", "reason"),
    [
        (68, (66.5, 69.5), HB, "G", "At 68 (66.5 to 69.5) against the baseline of 66: better, beyond doubt."),
        (68, (65.5, 70.5), HB, None, "Not rated: at 68 (65.5 to 70.5) against the baseline of 66: no change "
         "that can be told from chance."),
        (68, (66.0, 70.0), HB, None, None),  # an interval that touches the baseline holds it
        (64, (62.0, 65.9), HB, "R", "At 64 (62.0 to 65.9) against the baseline of 66: worse, beyond doubt."),
        (64, (62.0, 65.9), LB, "G", None),
        (68, (66.5, 69.5), LB, "R", None),
        (68, (NAN, NAN), HB, None, "Not rated: at 68 against the baseline of 66, without an interval."),
    ],
)  # fmt: skip
def test_directional_targets_are_rated_only_outside_the_interval(value, limits, polarity, rating, reason):
    lower, upper = limits
    found = judge(value, 66, 66, 66, polarity=polarity, target_type="DIRECTIONAL", lower=lower, upper=upper)
    assert found.rating == rating
    assert reason is None or found.reason == reason
    assert math.isnan(found.on_course)


@pytest.mark.parametrize(
    ("here", "there", "rating", "said"),
    [
        (19, 15, "G", "Improved by 19% since the baseline, against 15% there: faster."),
        (15, 15, "G-", None),  # level is not faster, though all of the improvement there was made
        (13, 15, "AG", "Improved by 13% since the baseline, against 15% there: 86.7% of it."),
        (5, 15, "R", None),
        (-5, -9, "AG", "Improved by -5% since the baseline, against -9% there: faster, but both got worse."),
        (-9, -5, "R", "Improved by -9% since the baseline, against -5% there: not faster."),
        (0, 0, "R", None),
    ],
)
def test_faster_than_another_place(here, there, rating, said):
    """domain.md T2: the fall in the districts of the fund was 19%, England's 15%."""
    scale = [("G", 1.0001), ("G-", 1.0), *SCALE[1:]] if rating == "G-" else SCALE
    found = judge(here, 0, there, there, target_type="FASTER_THAN", scale=scale)
    assert found.rating == rating
    assert said is None or found.reason == said


def draws(rows=2_000):
    """Random targets (value, baseline, target, trajectory), rising and falling, floors and all."""
    random = np.random.default_rng(2004)
    value, baseline, target = random.uniform(1, 100, (3, rows))
    return value, baseline, target, baseline + (target - baseline) * random.uniform(0, 1, rows)


def test_rating_is_never_worse_for_a_better_value():
    random = np.random.default_rng(31)
    value, baseline, target, trajectory = draws()
    polarity = np.where(random.uniform(size=len(value)) < 0.5, HB, LB)
    better = value + np.where(polarity == HB, 1, -1) * random.uniform(0, 20, len(value))
    before = judge(value, baseline, target, trajectory, polarity=polarity).rating
    after = judge(better, baseline, target, trajectory, polarity=polarity).rating
    rated = [(GRADE[a], GRADE[b]) for a, b in zip(before, after, strict=True) if a and b]
    assert len(rated) > 1_000
    assert all(b >= a for a, b in rated)
    # better can turn "too early" into "target met", and nothing rated into "too early"
    assert not [1 for a, b in zip(before, after, strict=True) if a and not b]


def test_falling_targets_are_the_mirror_image_of_rising_ones():
    row = draws()
    rising = judge(*row, polarity=HB)
    falling = judge(*(200 - x for x in row), polarity=LB)
    assert rising.rating.tolist() == falling.rating.tolist()
    assert set(rising.rating) == {"G", "AG", "AR", "R", None}
    np.testing.assert_allclose(rising.on_course, falling.on_course, rtol=1e-6)
    np.testing.assert_allclose(rising.progress, falling.progress, rtol=1e-6)


@pytest.mark.parametrize("factor", [0.001, 12.0, 1_000.0])
def test_rating_does_not_depend_on_the_unit(factor):
    row = draws()
    as_is, rescaled = judge(*row), judge(*(x * factor for x in row))
    assert as_is.rating.tolist() == rescaled.rating.tolist()
    np.testing.assert_allclose(as_is.on_course, rescaled.on_course, rtol=1e-9)


def test_ratios_are_finite_or_missing_whatever_comes_in():
    odd = np.array([0, -1, 1, 1e-300, 1e300, np.inf, -np.inf, np.nan])
    value, baseline, target, trajectory = (x.ravel() for x in np.meshgrid(odd, odd, odd, odd))
    found = judge(value, baseline, target, trajectory)
    assert not np.isinf(found.progress).any()
    assert not np.isinf(found.on_course).any()
    assert all(found.reason)


# Properties, for whatever figures may come

FIGURE = st.floats(0.5, 500, allow_nan=False).map(lambda x: round(x, 2))
SHARE = st.floats(0, 1)
KINDS = st.sampled_from([kind for kind in TYPES if kind not in ("FASTER_THAN", "DIRECTIONAL", "COMPOSITE")])


@settings(max_examples=300, deadline=None)
@given(FIGURE, FIGURE, FIGURE, SHARE, st.floats(0, 100), KINDS, st.sampled_from([HB, LB]))
def test_property_a_better_value_is_never_rated_worse(value, baseline, goal, share, gain, kind, polarity):
    needed = baseline * (1 - share) + goal * share
    better = value + gain * float(direction(polarity))
    found = judge([value, better], baseline, goal, needed, polarity=polarity, target_type=kind).rating
    if None not in found.tolist():
        assert GRADE[found[1]] >= GRADE[found[0]]


@settings(max_examples=300, deadline=None)
@given(FIGURE, FIGURE, FIGURE, SHARE, KINDS)
def test_property_turned_over_it_is_rated_the_same(value, baseline, goal, share, kind):
    needed = baseline * (1 - share) + goal * share
    up = judge(value, baseline, goal, needed, polarity=HB, target_type=kind)
    down = judge(-value, -baseline, -goal, -needed, polarity=LB, target_type=kind)
    assert up.rating == down.rating


@settings(max_examples=300, deadline=None)
@given(FIGURE, FIGURE, FIGURE, SHARE, KINDS, st.sampled_from([HB, LB]), st.sampled_from([0.25, 4.0, 1024.0]))
def test_property_the_unit_does_not_matter(value, baseline, goal, share, kind, polarity, factor):
    row = (value, baseline, goal, baseline * (1 - share) + goal * share)
    as_is = judge(*row, polarity=polarity, target_type=kind)
    other = judge(*(x * factor for x in row), polarity=polarity, target_type=kind)
    assert as_is.rating == other.rating


@settings(max_examples=200, deadline=None)
@given(FIGURE, FIGURE, FIGURE, FIGURE, st.sampled_from(TYPES), st.sampled_from(["stale", "age", "value"]))
def test_property_what_is_stale_or_missing_is_never_rated(value, baseline, goal, needed, kind, fault):
    is_stale = {"stale": True, "age": None}.get(fault, False)
    found = judge(
        None if fault == "value" else value, baseline, goal, needed, target_type=kind, is_stale=is_stale,
        lower=value, upper=value,
    )  # fmt: skip
    assert found.rating is None
