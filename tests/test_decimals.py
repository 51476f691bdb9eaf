"""The decimals of a needed value: what is printed gives the ratio that is printed."""

import numpy as np
import pytest

from pipelines.measures.decimals import column_places, judged_places, needed_places

NONE = float("nan")


@pytest.mark.parametrize(
    ("value", "baseline", "needed", "places", "shown"),
    [
        (3, 6, 3.602, 0, 1),  # 3 of 2.4 is 125.0%, beside 125.1%; 3 of 2 would be 150%
        (35.4, 31, 35.66, 1, 2),  # 4.4 of 4.7 is 93.6%, not 94.4%
        (3.3, 3.5, 3.108, 1, 3),  # a short way asks for more
        (50, 40, 60, 0, 0),
    ],
)
def test_a_needed_value_has_as_many_decimals_as_its_ratio_takes(value, baseline, needed, places, shown):
    ratio = (value - baseline) / (needed - baseline)
    assert needed_places(value, baseline, needed, ratio, places) == shown


def test_where_no_ratio_is_shown_it_has_those_of_its_measure():
    assert needed_places(3, 6, 3.602, NONE, 0) == 0
    assert needed_places(7, 6, 3.602, -0.417, 0) == 0  # a way back is told in words


def test_what_is_worked_out_as_a_whole_has_as_many_decimals_all_three():
    value, baseline, needed = 1.3467, 3.4853, 3.4012
    places = int(judged_places(value, baseline, needed, (value - baseline) / (needed - baseline), 1))
    a, b, t = (round(one, places) for one in (value, baseline, needed))
    assert places > 1
    assert abs((a - b) / (t - b) - (value - baseline) / (needed - baseline)) < 0.05


def test_a_column_has_as_many_decimals_in_each_row_of_a_measure():
    """The second row of the first measure needs two, and so both have them; the other measure none."""
    value, baseline = np.array([183.0, 35.4, 50]), np.array([31.0, 31.0, 40])
    needed, ratio = np.array([36.0, 35.66, 60]), np.array([30.4, 0.9442, 0.5])
    found = column_places(value, baseline, needed, ratio, np.array([1, 1, 0]), of=["it", "it", "other"])
    assert found.tolist() == [2, 2, 0]


def test_one_entry_for_each_row():
    found = needed_places(
        np.array([3, 50]), np.array([6, 40]), np.array([3.602, 60]), np.array([1.251, 0.5]), np.array([0, 0])
    )
    assert found.tolist() == [1, 0]
