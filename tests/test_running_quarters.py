"""The year that is running: a count or a share of which a part is known, by its own model."""

from datetime import date

import pandas as pd
import pytest

from pipelines.measures.running_quarters import measure

LB, HB = "lower is better", "higher is better"
FRAMEWORK = {
    "settings": pd.DataFrame({"setting_id": [], "value": []}),
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


def running(**changes: object) -> pd.Series:
    """The count of methods.md C9 in the year that the target is due: 295 in nine months, at most 400 allowed."""
    row = {
        "row_id": "it",
        "target_type": "ABS_THRESHOLD",
        "polarity": LB,
        "unit": "casualties",
        "places": 0,
        "interval_by": "count",
        "baseline_value": 600.0,
        "stated_value": 400.0,
        "baseline_on": date(2000, 12, 31),
        "due_on": date(2004, 12, 31),
        "running_on": date(2004, 12, 31),
        "known_on": date(2004, 9, 30),
        "months": 12,
        "months_known": 9,
        "so_far": 295.0,
        "successes": None,
        "trials": None,
    }
    blank = ("stated_change", "comparator_value", "comparator_baseline", "trajectory")
    row |= dict.fromkeys((*blank, "milestone_days", "milestone_values")) | changes
    return measure(pd.DataFrame([row]), FRAMEWORK).iloc[0]


def test_what_is_needed_is_named_so_that_it_reaches_the_target() -> None:
    assert "and at most 399 needed by" in running(stated_value=399.99)["reason"]
    assert "and at most 400 needed by" in running(stated_value=400.0)["reason"]
    assert "and at least 401 needed by" in running(stated_value=400.01, polarity=HB)["reason"]


def test_a_count_has_the_chance_of_the_oracle() -> None:
    found = running()
    assert round(found["chance"], 4) == 0.7344
    assert (found["outlook"], found["at_pace"], found["needed"]) == ("AG", pytest.approx(295 * 12 / 9), 400)
    assert found["reason"] == (
        "9 of 12 months are known, up to 30 Sep 2004: 295 so far, 393 at this pace, and at most 400 needed "
        "by 31 Dec 2004: probable (50% to 75%)."
    )
    assert round(running(stated_value=390.0)["chance"], 4) == 0.4055


def test_a_share_has_the_chance_of_the_oracle() -> None:
    """620 of 1,400 in seven months, five to come with as many a month, and 45% of all 2,400 wanted."""
    share = {"unit": "%", "interval_by": None, "polarity": HB, "baseline_value": 30.0, "stated_value": 45.0}
    found = running(**share, months_known=7, successes=620.0, trials=1400.0)
    assert round(found["chance"], 4) == 0.2095
    assert round(found["at_pace"], 2) == 44.29
    worse = running(**share | {"polarity": LB}, months_known=7, successes=620.0, trials=1400.0)
    assert worse["chance"] > 1 - found["chance"] > 0.7  # on the limit counts as reached both ways


@pytest.mark.parametrize("polarity", [LB, HB])
def test_a_count_that_has_gone_past_its_limit_is_sure(polarity: str) -> None:
    found = running(so_far=401.0, polarity=polarity)
    assert found["outlook"] == ("R" if polarity == LB else "G")


def test_what_is_neither_count_nor_share_has_no_chance() -> None:
    found = running(interval_by=None)
    assert found["outlook"] is None and found["reason"].endswith("no chance is worked out.")
    gap = running(target_type="GAP_REL")
    assert gap["outlook"] is None and gap["reason"].endswith("what is needed by 31 Dec 2004 is not known.")


@pytest.mark.parametrize(
    ("status", "said"),
    [("p", "known, in part provisional, up to"), ("e", "known, in part estimated"), (None, "known, up")],
)
def test_what_rests_on_figures_that_may_change_says_so(status: str | None, said: str) -> None:
    assert said in running(so_far_status=status)["reason"]
